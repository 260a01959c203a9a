"""GetPasswordData."""

from __future__ import annotations

from ..behaviour import Behaviour
from ..sources import api, code, guide, issue, text

_TESTS = "tests/moto/test_windows.py::"
_CAPTURE = code("aws/aws-cli", "", "a captured answer, test_get_password_data.py", "2013")

BEHAVIOURS = (
    Behaviour(
        "P-1",
        (
            "GetPasswordData of a Windows instance that was launched with an RSA key pair: CR LF, "
            "base64 of the password encrypted with the public key, CR LF; on the wire a carriage "
            "return is `&#xd;`"
        ),
        "recorded",
        sources=(_CAPTURE, issue("mitchellh/goamz", 244, "2015")),
        tests=(_TESTS + "test_the_bytes_of_the_answer",),
    ),
    Behaviour(
        "P-2",
        "The order of its elements: requestId, instanceId, timestamp, passwordData",
        "recorded",
        sources=(_CAPTURE,),
        tests=(_TESTS + "test_the_bytes_of_the_answer",),
    ),
    Behaviour(
        "P-3",
        "The padding is that of PKCS #1 v1.5, so that the private key decrypts it everywhere",
        "documented",
        sources=(
            api("GetPasswordData"),
            guide("connect to your Windows instance", "connecting_to_windows_instance"),
        ),
        tests=(
            _TESTS + "test_openssl_decrypts_that_of_a_created_key_pair",
            _TESTS + "test_of_an_imported_key_pair",
            "tests/end_to_end/test_awscli.py::test_the_password_of_a_windows_instance",
            "tests/end_to_end/test_ansible.py::test_the_password_of_a_windows_instance",
        ),
    ),
    Behaviour(
        "P-4",
        "It is the same at every call, and stays when the key pair is deleted",
        "inferred",
        tests=(_TESTS + "test_it_is_the_same_every_time_and_for_ever",),
    ),
    Behaviour(
        "P-5",
        "An empty string for an instance that is no Windows or was launched without a key pair",
        "documented",
        sources=(api("GetPasswordData"),),
        tests=(_TESTS + "test_where_there_is_none",),
    ),
    Behaviour(
        "P-6",
        "Also for a while after the launch, when a test asks for it",
        "documented",
        sources=(api("GetPasswordData"),),
        tests=(_TESTS + "test_it_may_take_a_while", _TESTS + "test_the_waiter_waits_for_it"),
    ),
    Behaviour(
        "P-7",
        ("An unknown instance: `InvalidInstanceID.NotFound`, The instance ID 'i-…' does not exist"),
        "community",
        sources=(text("Output of aws-cli that users pasted"),),
        tests=(_TESTS + "test_an_unknown_instance",),
    ),
    Behaviour(
        "P-8",
        "A refusal names the instance: `arn:aws:ec2:REGION:ACCOUNT:instance/i-…`",
        "inferred",
        tests=(_TESTS + "test_denied",),
    ),
    Behaviour(
        "P-9",
        (
            "The password has 32 characters; a key that cannot encrypt, such as one with an even "
            "modulus, gives none; the timestamp of an empty answer is that of the call"
        ),
        "unknown",
        tests=(
            _TESTS + "test_the_password_is_one_that_windows_takes",
            _TESTS + "test_a_key_that_nothing_can_be_encrypted_with",
        ),
    ),
)
