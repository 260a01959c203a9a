"""moto's dashboard, with our key pairs, in a real browser.

The page loads jQuery and Bootstrap from the internet. Here the browser finds every host but the
server's on this machine, with the same files from npm.
"""

from __future__ import annotations

import datetime as dt
import functools
import re
import shutil
import ssl
import subprocess
import threading
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from urllib.request import urlopen

import boto3
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

pytestmark = pytest.mark.slow

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")


class Libraries(SimpleHTTPRequestHandler):
    def translate_path(self, path):
        path = re.sub(r"^/jquery-[\d.]+\.min", "/jquery/dist/jquery.min", path)
        return super().translate_path(re.sub(r"^/npm/([^@/]+)@[^/]+", r"/\1", path))

    def end_headers(self):
        self.send_header("Access-Control-Allow-Origin", "*")
        super().end_headers()

    def log_message(self, *message):
        pass


@pytest.fixture
def certificate(tmp_path):
    """A file with a certificate that nobody trusts and its private key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "libraries")])
    now = dt.datetime.now(dt.timezone.utc)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    file = tmp_path / "certificate.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    file.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return file


@pytest.fixture
def libraries(node_modules, certificate):
    """The port where jQuery and Bootstrap are."""
    if not (node_modules / "bootstrap-table").is_dir():
        pytest.skip(f"there is no bootstrap-table in {node_modules}; .ci/run installs it")
    handler = functools.partial(Libraries, directory=node_modules)
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever).start()
        yield server.server_port
        server.shutdown()


@pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium")
def test_key_pairs_are_on_the_page(ec2_keypair_server, libraries, tmp_path):
    page = f"{ec2_keypair_server.url}/moto-api/"
    if b"bootstrap-table" not in urlopen(page).read():
        pytest.skip("the page of this moto loads other libraries")
    ec2 = boto3.client("ec2", region_name="us-east-1")
    created = ec2.create_key_pair(KeyName="deploy", KeyType="ed25519")
    shown = subprocess.run(
        [
            CHROMIUM,
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--ignore-certificate-errors",
            f"--host-resolver-rules=MAP * 127.0.0.1:{libraries}, EXCLUDE 127.0.0.1",
            f"--user-data-dir={tmp_path / 'profile'}",
            "--virtual-time-budget=20000",
            "--dump-dom",
            page,
        ],
        capture_output=True,
        text=True,
        timeout=100,
    )
    cells = re.findall(r"<td[^>]*>(.*?)</td>", shown.stdout)
    assert created["KeyPairId"] in cells, shown.stderr[-2000:]
    assert {"deploy", "ed25519", created["KeyFingerprint"]} <= set(cells)
    assert "PRIVATE KEY" not in shown.stdout
