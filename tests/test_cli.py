"""The command line, as a user types it."""

import json
import re
import shutil
import subprocess
import sys

import pytest

from ec2_keypair_mock.__main__ import main
from ec2_keypair_mock.keys.private_key import generate_private_key
from ec2_keypair_mock.keys.putty import to_ppk

SSH_KEYGEN = shutil.which("ssh-keygen")
OPENSSL = shutil.which("openssl")
PUTTYGEN = shutil.which("puttygen")


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
            *("ImportKeyPair\n", "DescribeKeyPairs\n", "DeleteKeyPair\n"),
            "InvalidKeyPair.Duplicate",
            "The keypair already exists",
            keys[kind].public_key.openssh("demo").strip(),
        ):
            assert part in shown.out
        assert shown.out.count(keys[kind].public_key.fingerprint) >= 3

    @pytest.mark.skipif(not (SSH_KEYGEN and OPENSSL), reason="not installed")
    @pytest.mark.parametrize(
        ("kind", "tool", "prefix"),
        [("rsa", "openssl", ""), ("ed25519", "ssh-keygen", "SHA256:")],
    )
    def test_the_fingerprint_of_another_tool(self, kind, tool, prefix, keys, tmp_path, capsys):
        main(["demo", str(public_file(tmp_path, keys[kind]))])
        fingerprint = keys[kind].public_key.fingerprint.rstrip("=")
        shown = capsys.readouterr().out
        assert re.search(rf"{tool} +{prefix}{re.escape(fingerprint)}", shown)

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
        assert "ssh-keygen" not in capsys.readouterr().out

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
            f"{junk}: the key is not base64",
            f"{absent}: No such file or directory",
        ]

    def test_as_a_process_without_arguments_it_explains_itself(self):
        command = [sys.executable, "-m", "ec2_keypair_mock"]
        result = subprocess.run(command, capture_output=True, text=True)
        assert result.returncode == 2
        assert "usage: python -m ec2_keypair_mock" in result.stderr


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


def test_an_interrupt_is_an_exit_status(monkeypatch):
    def interrupt(files, *, as_json):
        raise KeyboardInterrupt

    monkeypatch.setattr("ec2_keypair_mock.commands.fingerprint.print_fingerprints", interrupt)
    assert main(["fingerprint", "file"]) == 130
