"""Takes out of a text what nobody else should see: key material, accounts, signatures."""

from __future__ import annotations

import re

_KEY_MATERIAL = re.compile(
    r"(?<=<keyMaterial>).*?(?=</keyMaterial>|\Z)"
    r"|-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z)"
    r"|PuTTY-User-Key-File-.*?(?:Private-MAC: [0-9a-f]+|\Z)",
    re.S,
)
# What says how a private key is written down, and nothing of the key.
_FRAME = re.compile(
    r"(-----(?:BEGIN|END) [A-Z ]{0,24}PRIVATE KEY-----|PuTTY-User-Key-File-\d: ssh-\w{3,7}(?=\s)|"
    r"Encryption: none|Comment: ec2-keypair-mock-parity-[0-9a-f]{12}-\d{3}-\w+|"
    r"Public-Lines: \d{1,3}(?=\s)|Private-Lines: \d{1,3}(?=\s)|Private-MAC: |&#\w{2,4};)|[^\r\n]"
)
_OTHERS = {
    r"\barn:aws[\w-]*:(?:iam|sts)::[^\s<]*": "ARN",
    r"(?<=Encoded authorization failure message: )[^\s<]+": "MESSAGE",
    r"(?<![0-9a-fA-F-])\d{12}(?![0-9a-fA-F])": "123456789012",
    r"\b(?:AKIA|ASIA)[A-Z0-9]{12,}": "ACCESSKEY",
    r"(?<=Signature=)[\w%/+=-]+": "SIGNATURE",
    r"(?<![\w])[0-9a-f]{64}(?![\w])": "SIGNATURE",
}


def redact(text: str) -> str:
    """The text without private keys, account IDs, callers' ARNs, access keys and signatures.

    Each character of a private key becomes an ``x``, but for its frame and line ends: they show how
    AWS writes a key down.
    """
    text = _KEY_MATERIAL.sub(lambda found: _FRAME.sub(lambda part: part[1] or "x", found[0]), text)
    for pattern, replacement in _OTHERS.items():
        text = re.sub(pattern, replacement, text)
    return text
