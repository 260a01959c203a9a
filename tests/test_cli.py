"""The command line, as a user types it."""

import base64
import contextlib
import io
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from ec2_keypair_mock import __version__
from ec2_keypair_mock.__main__ import main
from ec2_keypair_mock.keys.private_key import generate_private_key
from ec2_keypair_mock.keys.putty import to_ppk

SSH_KEYGEN = shutil.which("ssh-keygen")
OPENSSL = shutil.which("openssl")
PUTTYGEN = shutil.which("puttygen")
RECORDED = json.loads(
    (Path(__file__).parent / "data" / "key_vectors.json").read_text("utf-8"),
)["cases"]
LINE = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIMduvWA7Q35QVLBez30EIH7qXgyHjmUqQgB6+Klj7oM1"
EC_PUBLIC_KEY = (
    ec.generate_private_key(ec.SECP256R1())
    .public_key()
    .public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
)


def pem(label):
    return f"-----BEGIN {label}-----\nMAA=\n-----END {label}-----\n".encode()


@pytest.fixture(scope="module")
def keys():
    return {kind: generate_private_key(kind) for kind in ("rsa", "ed25519")}


@pytest.fixture
def home(monkeypatch, tmp_path):
    for name in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(name, str(tmp_path))
    (tmp_path / ".ssh").mkdir()
    return tmp_path


def public_file(folder, key, name="key.pub"):
    file = folder / name
    file.write_text(key.public_key.openssh("someone"))
    return file


class TestDemo:
    def test_a_profile_that_is_not_there_stops_nobody(self, keys, tmp_path, monkeypatch):
        monkeypatch.setenv("AWS_PROFILE", "nope")
        assert main(["demo", str(public_file(tmp_path, keys["ed25519"]))]) == 0

    def test_a_config_file_that_is_none_is_named(self, keys, home, monkeypatch, capsys):
        (home / "config").write_text("no config")
        monkeypatch.setenv("AWS_CONFIG_FILE", str(home / "config"))
        assert main(["demo", str(public_file(home, keys["ed25519"]))]) == 1
        assert capsys.readouterr().err == f"Unable to parse config file: {home / 'config'}\n"

    @pytest.mark.parametrize("kind", ["rsa", "ed25519"])
    def test_it_shows_the_main_job(self, kind, keys, tmp_path, capsys):
        file = public_file(tmp_path, keys[kind])
        assert main(["demo", str(file)]) == 0
        shown = capsys.readouterr()
        assert shown.err == ""
        for part in (
            f"Public key: {file}",
            '>>> ec2.import_key_pair(KeyName="demo", PublicKeyMaterial=material)\n',
            '>>> ec2.describe_key_pairs(KeyNames=["demo"], IncludePublicKey=True)\n',
            '>>> ec2.delete_key_pair(KeyName="demo")\n',
            "InvalidKeyPair.Duplicate",
            "The keypair already exists",
            keys[kind].public_key.openssh("demo").strip(),
        ):
            assert part in shown.out
        assert shown.out.count(keys[kind].public_key.fingerprint) >= 3

    @pytest.mark.skipif(not (SSH_KEYGEN and OPENSSL), reason="not installed")
    @pytest.mark.parametrize(
        ("kind", "tool", "prefix"),
        [("rsa", "openssl md5", ""), ("ed25519", "ssh-keygen -l", "SHA256:")],
    )
    def test_the_fingerprint_of_another_tool(self, kind, tool, prefix, keys, tmp_path, capsys):
        main(["demo", str(public_file(tmp_path, keys[kind]))])
        fingerprint = keys[kind].public_key.fingerprint.rstrip("=")
        shown = capsys.readouterr().out
        assert re.search(rf"{tool} +{prefix}{re.escape(fingerprint)}", shown)

    @pytest.mark.skipif(not SSH_KEYGEN, reason="not installed")
    def test_why_ssh_keygen_shows_another(self, keys, tmp_path, capsys):
        file = public_file(tmp_path, keys["rsa"])
        said = subprocess.run([SSH_KEYGEN, "-l", "-f", str(file)], capture_output=True, text=True)
        main(["demo", str(file)])
        shown = capsys.readouterr().out
        assert re.search(rf"ssh-keygen -l +{re.escape(said.stdout.split()[1])}\n", shown)
        assert "EC2 shows the MD5 of an imported RSA key" in shown

    def test_a_key_that_other_tools_refuse(self, tmp_path, capsys):
        # OpenSSH has no RSA keys below 1024 bits; EC2 imports them.
        blob = b"".join(
            len(each).to_bytes(4, "big") + each
            for each in (b"ssh-rsa", b"\1\0\1", b"\0" + b"\xff" * 64)
        )
        file = tmp_path / "small.pub"
        file.write_text(f"ssh-rsa {base64.b64encode(blob).decode()}")
        assert main(["demo", str(file)]) == 0
        assert "  ssh-keygen -l " not in capsys.readouterr().out

    @pytest.mark.parametrize("arguments", [["key.pub"], []], ids=["a file", "a new key"])
    def test_the_test_that_it_shows_passes(
        self, arguments, keys, home, pytester, monkeypatch, capsys
    ):
        public_file(pytester.path, keys["rsa"])
        main(["demo", *arguments])
        shown = capsys.readouterr().out.partition("test_key_pairs.py\n")[2].partition("Run it")[0]
        pytester.makepyfile(test_key_pairs=shown)
        monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
        pytester.runpytest("-pec2_keypair_mock.pytest_plugin").assert_outcomes(passed=1)

    @pytest.mark.parametrize("kind", ["rsa", "ed25519"])
    def test_the_keys_of_the_user_are_found(self, kind, keys, home, capsys):
        file = public_file(home / ".ssh", keys[kind], f"id_{kind}.pub")
        assert main(["demo"]) == 0
        assert f"Public key: {file}" in capsys.readouterr().out

    def test_without_a_key_it_makes_one(self, home, capsys):
        assert main(["demo"]) == 0
        assert "a new Ed25519 key" in capsys.readouterr().out

    def test_without_other_tools(self, keys, tmp_path, monkeypatch, capsys):
        monkeypatch.setenv("PATH", "")
        for kind in keys:
            assert main(["demo", str(public_file(tmp_path, keys[kind]))]) == 0
        assert "  ssh-keygen -l " not in capsys.readouterr().out

    def test_a_bad_file_is_the_error_of_aws(self, tmp_path, capsys):
        file = tmp_path / "key"
        file.write_text("ssh-rsa junk")
        assert main(["demo", str(file)]) == 1
        error = capsys.readouterr().err
        assert "InvalidKey.Format" in error
        assert "Key is not in valid OpenSSH public key format" in error

    def test_a_missing_file(self, tmp_path, capsys):
        assert main(["demo", str(tmp_path / "absent")]) == 1
        assert "No such file" in capsys.readouterr().err

    def test_as_a_process(self, keys, tmp_path):
        command = [sys.executable, "-m", "ec2_keypair_mock", "demo"]
        file = public_file(tmp_path, keys["ed25519"])
        good = subprocess.run([*command, file], capture_output=True, text=True)
        assert (good.returncode, good.stderr) == (0, "")
        file.write_text("")
        bad = subprocess.run([*command, file], capture_output=True, text=True)
        assert bad.returncode == 1
        assert "MissingParameter" in bad.stderr
        assert "Traceback" not in bad.stderr


def puttygen(key, folder, kind):
    """What PuTTY writes of a private key."""
    # It refuses to write a file of the kind that it has read.
    source = folder / "source"
    source.write_text(key.pem() if kind == "private" else to_ppk(key, "a comment"))
    command = [PUTTYGEN, str(source), "-O", kind, "-o", str(folder / kind)]
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL)
    return folder / kind


def openssl(*arguments, data):
    result = subprocess.run([OPENSSL, *arguments], input=data, check=True, capture_output=True)
    return result.stdout


def openssl_fingerprints(key):
    """What openssl says of an RSA key: the fingerprint of an imported, and of a created one."""
    pem = key.pem().encode()
    public = openssl("rsa", "-pubout", "-outform", "DER", data=pem)
    private = openssl("pkcs8", "-topk8", "-nocrypt", "-outform", "DER", data=pem)
    return (
        openssl("md5", "-c", data=public).split()[-1].decode(),
        openssl("sha1", "-c", data=private).split()[-1].decode(),
    )


class TestFingerprint:
    def read(self, capsys, *files):
        status = main(["fingerprint", "--json", *map(str, files)])
        return status, json.loads(capsys.readouterr().out)

    @pytest.mark.skipif(not OPENSSL, reason="not installed")
    def test_a_private_rsa_key_has_both(self, keys, tmp_path, capsys):
        file = tmp_path / "key.pem"
        file.write_text(keys["rsa"].pem())
        imported, created = openssl_fingerprints(keys["rsa"])
        assert main(["fingerprint", str(file)]) == 0
        assert capsys.readouterr().out == (
            f"{file} (rsa)\n  imported  {imported}\n  created   {created}\n"
        )
        assert self.read(capsys, file) == (
            0,
            [{"file": str(file), "key_type": "rsa", "imported": imported, "created": created}],
        )

    @pytest.mark.skipif(not SSH_KEYGEN, reason="not installed")
    def test_an_ed25519_key_has_one(self, keys, tmp_path, capsys):
        public = public_file(tmp_path, keys["ed25519"])
        private = tmp_path / "key"
        private.write_text(keys["ed25519"].pem())
        command = [SSH_KEYGEN, "-l", "-f", str(public)]
        said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        fingerprint = said.split()[1].removeprefix("SHA256:") + "="
        _, found = self.read(capsys, public, private)
        assert [each["imported"] for each in found] == [fingerprint] * 2
        assert [each["created"] for each in found] == [None] * 2

    @pytest.mark.skipif(not PUTTYGEN, reason="not installed")
    @pytest.mark.parametrize(
        ("kind", "output", "is_private"),
        [
            *(("rsa", each, True) for each in ("private", "private-openssh")),
            ("rsa", "private-openssh-new", True),
            *(("rsa", each, False) for each in ("public", "public-openssh")),
            *(("ed25519", each, True) for each in ("private", "private-openssh-new")),
            *(("ed25519", each, False) for each in ("public", "public-openssh")),
        ],
    )
    def test_what_putty_writes(self, kind, output, is_private, keys, tmp_path, capsys):
        file = puttygen(keys[kind], tmp_path, output)
        status, (found,) = self.read(capsys, file)
        assert status == 0
        assert found["imported"] == keys[kind].public_key.fingerprint
        created = keys[kind].created_fingerprint if (kind, is_private) == ("rsa", True) else None
        assert found["created"] == created

    def test_what_aws_writes(self, keys, tmp_path, capsys):
        for kind, key in keys.items():
            (tmp_path / f"{kind}.pem").write_text(key.pem())
            (tmp_path / f"{kind}.ppk").write_text(to_ppk(key, "deploy"))
        status, found = self.read(capsys, *sorted(tmp_path.iterdir()))
        assert status == 0
        assert {(each["key_type"], each["imported"]) for each in found} == {
            (kind, key.public_key.fingerprint) for kind, key in keys.items()
        }

    @pytest.mark.skipif(not OPENSSL, reason="not installed")
    def test_a_public_key_as_pem(self, keys, tmp_path, capsys):
        file = tmp_path / "public.pem"
        file.write_bytes(openssl("rsa", "-pubout", data=keys["rsa"].pem().encode()))
        _, (found,) = self.read(capsys, file)
        assert found["imported"] == keys["rsa"].public_key.fingerprint

    @pytest.mark.skipif(not (OPENSSL and PUTTYGEN and SSH_KEYGEN), reason="not installed")
    def test_files_that_cannot_be_read_do_not_hide_the_others(self, keys, tmp_path, capsys):
        good = public_file(tmp_path, keys["rsa"])
        encrypted = tmp_path / "encrypted.pem"
        passphrase = ("-aes128", "-passout", "pass:secret")
        encrypted.write_bytes(openssl("rsa", *passphrase, data=keys["rsa"].pem().encode()))
        junk = tmp_path / "junk"
        junk.write_bytes(b"\xff")
        absent = tmp_path / "absent"
        assert main(["fingerprint", *map(str, (encrypted, junk, absent, good))]) == 1
        shown = capsys.readouterr()
        assert shown.out.startswith(f"{good} (rsa)\n")
        assert shown.err.splitlines() == [
            f"{encrypted}: the private key is encrypted",
            f"{junk}: the file holds no key that is known here: OpenSSH, RFC 4716, PEM, PPK",
            f"{absent}: No such file or directory",
        ]

    @pytest.mark.skipif(not OPENSSL, reason="not installed")
    def test_a_public_key_as_pkcs1(self, keys, tmp_path, capsys):
        file = tmp_path / "public.pem"
        file.write_bytes(openssl("rsa", "-RSAPublicKey_out", data=keys["rsa"].pem().encode()))
        assert file.read_bytes().startswith(b"-----BEGIN RSA PUBLIC KEY-----")
        _, (found,) = self.read(capsys, file)
        assert found["imported"] == openssl_fingerprints(keys["rsa"])[0]

    @pytest.mark.parametrize("case", RECORDED, ids=lambda case: case["id"])
    def test_what_aws_recorded(self, case, tmp_path, capsys):
        """It takes all that EC2 imports, and more."""
        file = tmp_path / "key"
        file.write_text(case["material"])
        main(["fingerprint", "--json", str(file)])
        found = json.loads(capsys.readouterr().out)
        if case["error"] is None:
            assert [each["imported"] for each in found] == [case["fingerprint"]]

    def test_several_things_may_be_around_a_key(self, keys, tmp_path, capsys):
        file = tmp_path / "key"
        file.write_text(f"\n{keys['rsa'].public_key.openssh('c').strip()}\r\n\n")
        _, (found,) = self.read(capsys, file)
        assert found["imported"] == keys["rsa"].public_key.fingerprint

    @pytest.mark.parametrize(
        ("data", "reason"),
        [
            (b"", "the file is empty"),
            (b" \r\n", "the file is empty"),
            (LINE.encode("utf-16"), "the file begins with a byte order mark"),
            (b"\xef\xbb\xbf" + LINE.encode(), "the file begins with a byte order mark"),
            (b"hello\0", "the file is binary, and no key"),
            (base64.b64decode(LINE.split()[1]), "the file is binary, and no key"),
            (b"hello world\n", "the file holds no key that is known here"),
            (base64.b64encode(b"hello"), "the file holds no key that is known here"),
            (f"{LINE}\n{LINE}\n".encode(), "the file has several lines"),
            (f"no-pty {LINE}".encode(), "there is something in front of the key"),
            (b"ssh-ed25519 AAAA", "the key is truncated"),
            (b"ssh-rsa-cert-v01@openssh.com AAAA user", "an OpenSSH certificate"),
            (b"sk-ssh-ed25519@openssh.com AAAA", "the key of a security key (FIDO)"),
            (b"ecdsa-sha2-nistp256 AAAA", "an ECDSA key"),
            (b"ssh-dss AAAA", "a DSA key"),
            (pem("CERTIFICATE"), "an X.509 certificate, which EC2 does not import"),
            (pem("CERTIFICATE REQUEST"), "PEM of CERTIFICATE REQUEST is none of"),
            (pem("RSA PUBLIC KEY"), "the PEM holds no RSA or Ed25519 public key"),
            (EC_PUBLIC_KEY, "the PEM holds no RSA or Ed25519 public key"),
        ],
        ids=lambda value: value if isinstance(value, str) else "",
    )
    def test_what_is_wrong_is_said(self, data, reason, tmp_path, capsys):
        file = tmp_path / "key"
        file.write_bytes(data)
        assert main(["fingerprint", str(file)]) == 1
        shown = capsys.readouterr()
        assert shown.out == ""
        assert shown.err.startswith(f"{file}: {reason}")

    @pytest.mark.skipif(not SSH_KEYGEN, reason="not installed")
    def test_a_certificate_of_openssh(self, keys, tmp_path, capsys):
        authority = tmp_path / "authority"
        authority.write_text(keys["ed25519"].pem())
        authority.chmod(0o600)
        public = public_file(tmp_path, keys["rsa"])
        sign = [SSH_KEYGEN, "-q", "-s", str(authority), "-I", "id", "-n", "user", str(public)]
        subprocess.run(sign, check=True, stdin=subprocess.DEVNULL)
        assert main(["fingerprint", str(tmp_path / "key-cert.pub")]) == 1
        assert "an OpenSSH certificate, which EC2 does not import" in capsys.readouterr().err

    @pytest.mark.skipif(not OPENSSL, reason="not installed")
    @pytest.mark.parametrize("options", [["-pubout"], []], ids=["public", "private"])
    def test_der_is_converted_as_it_says(self, options, keys, tmp_path, capsys):
        file = tmp_path / "key.der"
        pem = keys["rsa"].pem().encode()
        file.write_bytes(openssl("rsa", *options, "-outform", "DER", data=pem))
        assert main(["fingerprint", str(file)]) == 1
        assert (
            "the file is DER; make PEM of it: openssl pkey -inform DER" in capsys.readouterr().err
        )
        public = ["-pubin"] if options else []
        file.write_bytes(openssl("pkey", "-inform", "DER", *public, data=file.read_bytes()))
        _, (found,) = self.read(capsys, file)
        assert found["imported"] == keys["rsa"].public_key.fingerprint

    def test_a_name_that_would_colour_the_terminal(self, tmp_path, capsys):
        (tmp_path / "a\x1b[31m").write_text(LINE)
        (tmp_path / "b\n").write_text("")
        assert main(["fingerprint", *map(str, sorted(tmp_path.iterdir()))]) == 1
        shown = capsys.readouterr()
        assert shown.out.startswith(f"{tmp_path}/a\\x1b[31m (ed25519)\n")
        assert shown.err == f"{tmp_path}/b\\n: the file is empty\n"

    @pytest.mark.skipif(sys.platform != "linux", reason="names are bytes on Linux only")
    def test_a_name_that_the_terminal_cannot_show(self, tmp_path):
        names = [tmp_path / "k\xfcche.pub", Path(os.fsdecode(bytes(tmp_path) + b"/\xff.pub"))]
        for name in names:
            name.write_text(LINE)
        command = [sys.executable, "-m", "ec2_keypair_mock", "fingerprint", *names]
        environment = os.environ | {"PYTHONIOENCODING": "ascii"}
        ran = subprocess.run(command, capture_output=True, text=True, env=environment)
        assert (ran.returncode, ran.stderr) == (0, "")
        assert f"{tmp_path}/k\\xfcche.pub (ed25519)\n" in ran.stdout
        assert f"{tmp_path}/\\udcff.pub (ed25519)\n" in ran.stdout


class TestMatch:
    @pytest.fixture
    def files(self, keys, tmp_path):
        (tmp_path / "rsa.pem").write_text(keys["rsa"].pem())
        return [
            tmp_path / "rsa.pem",
            public_file(tmp_path, keys["rsa"], "rsa.pub"),
            public_file(tmp_path, keys["ed25519"], "ed25519.pub"),
            tmp_path / "absent",
        ]

    def match(self, capsys, fingerprint, files):
        status = main(["fingerprint", "--match", fingerprint, *map(str, files)])
        shown = capsys.readouterr()
        return status, [Path(line).name for line in shown.out.splitlines()], shown.err

    def test_the_files_of_an_imported_key_pair(self, keys, files, capsys):
        for kind, names in (("rsa", ["rsa.pem", "rsa.pub"]), ("ed25519", ["ed25519.pub"])):
            found = self.match(capsys, keys[kind].public_key.fingerprint, files)
            assert found == (0, names, f"{files[-1]}: No such file or directory\n")

    def test_the_case_of_hex_digits_does_not_count(self, keys, files, capsys):
        fingerprint = keys["rsa"].public_key.fingerprint.upper()
        assert self.match(capsys, fingerprint, files)[:2] == (0, ["rsa.pem", "rsa.pub"])

    @pytest.mark.skipif(not OPENSSL, reason="not installed")
    def test_the_private_key_of_a_created_key_pair(self, keys, files, capsys):
        _, created = openssl_fingerprints(keys["rsa"])
        assert self.match(capsys, created, files[:3]) == (0, ["rsa.pem"], "")

    def test_a_public_key_does_not_tell_what_aws_created(self, keys, files, capsys):
        status, names, said = self.match(capsys, keys["rsa"].created_fingerprint, files[1:3])
        assert (status, names) == (1, [])
        assert said.startswith(f"{files[1]}: AWS created the RSA key pair of this fingerprint")
        assert len(said.splitlines()) == 1

    def test_none_is_the_key_pair(self, files, capsys):
        assert self.match(capsys, "A" * 43 + "=", files[:3]) == (1, [], "")

    def test_for_programs(self, keys, files, capsys):
        fingerprint = keys["ed25519"].public_key.fingerprint
        assert main(["fingerprint", "--json", "--match", fingerprint, *map(str, files[:3])]) == 0
        (found,) = json.loads(capsys.readouterr().out)
        assert (found["file"], found["imported"]) == (str(files[2]), fingerprint)

    @pytest.mark.parametrize("fingerprint", ["SHA256:" + "A" * 43, "key", "aa:bb", "A" * 44, ""])
    def test_what_is_no_fingerprint_of_ec2(self, fingerprint, files, capsys):
        with pytest.raises(SystemExit) as stopped:
            self.match(capsys, fingerprint, files)
        assert stopped.value.code == 2
        assert f"{fingerprint!r} is not what EC2 shows: 16 or 20 pairs" in capsys.readouterr().err


def test_without_a_command_it_says_what_there_is(capsys):
    assert main([]) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    for part in (
        "usage: python -m ec2_keypair_mock",
        *("\n    demo ", "\n    fingerprint ", "\n    serve ", "\n    parity "),
        "python -m ec2_keypair_mock demo",
        "python -m ec2_keypair_mock COMMAND --help",
    ):
        assert part in shown.err


def test_the_version(capsys):
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"ec2_keypair_mock {__version__}\n"


@pytest.mark.parametrize(
    ("environment", "has_colour"),
    [({}, True), ({"NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False)],
    ids=["a terminal", "NO_COLOR", "a dumb terminal"],
)
def test_colour(environment, has_colour, keys, tmp_path, monkeypatch, capsys):
    for name, value in {"NO_COLOR": "", "TERM": "xterm", "WT_SESSION": "1", **environment}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    main(["demo", str(public_file(tmp_path, keys["ed25519"]))])
    shown = capsys.readouterr().out
    fingerprint = keys["ed25519"].public_key.fingerprint
    assert (f"\x1b[32m{fingerprint}\x1b[0m" in shown) is has_colour
    assert ("\x1b" in shown) is has_colour


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no error of its own for it")
@pytest.mark.parametrize("command", ["demo", "fingerprint"])
def test_a_reader_that_has_seen_enough_is_no_error(command, keys, tmp_path):
    file = public_file(tmp_path, keys["ed25519"])
    process = subprocess.Popen(
        [sys.executable, "-m", "ec2_keypair_mock", command, file],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    process.stdout.close()
    assert process.stderr.read() == b""
    assert process.wait() == 1
    process.stderr.close()


def test_standard_output_may_be_anything(keys, tmp_path):
    file = public_file(tmp_path, keys["ed25519"])
    with contextlib.redirect_stdout(io.StringIO()) as written:
        assert main(["fingerprint", str(file)]) == 0
    assert keys["ed25519"].public_key.fingerprint in written.getvalue()


def test_an_interrupt_is_an_exit_status(monkeypatch):
    def interrupt(files, *, as_json, match):
        raise KeyboardInterrupt

    monkeypatch.setattr("ec2_keypair_mock.commands.fingerprint.print_fingerprints", interrupt)
    assert main(["fingerprint", "file"]) == 130
