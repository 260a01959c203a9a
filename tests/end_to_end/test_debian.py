"""Clients of Debian, which break the base64 of a key into lines."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from ec2_keypair_mock.keys.public_key import parse_public_key

pytestmark = pytest.mark.slow

HERE = Path(__file__).parent
CLIENTS = {
    "Ruby's aws-sdk": ("ruby", "-raws-sdk-v1", "aws_sdk.rb"),
    "Ruby's fog-aws": ("ruby", "-rfog/aws", "fog.rb"),
    "Perl's VM::EC2": ("perl", "-MVM::EC2", "vm_ec2.pl"),
}


@pytest.mark.parametrize(("program", "library", "script"), CLIENTS.values(), ids=CLIENTS)
def test_it_imports_a_key(ec2_keypair_server, keys, program, library, script):
    if not shutil.which(program) or subprocess.run([program, library, "-e1"]).returncode:
        pytest.skip(f"there is no {program} with {library}; .ci/run installs it")
    file = keys / "rsa.pub"

    command = [program, str(HERE / script), str(file)]
    ran = subprocess.run(command, capture_output=True, text=True, env=os.environ, timeout=60)

    fingerprint = parse_public_key(file.read_text()).fingerprint
    assert (ran.returncode, ran.stdout) == (0, f"deploy {fingerprint}\n0\n"), ran.stderr
    actions = [call.action for call in ec2_keypair_server.calls]
    assert actions == ["ImportKeyPair", "DescribeKeyPairs", "DeleteKeyPair", "DescribeKeyPairs"]
