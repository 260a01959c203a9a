"""A process with one test of a subject, and nothing else: ``python once.py here``."""

import sys

from subjects import load

subject = load(sys.argv[1])
with subject.active():
    subject.client().describe_key_pairs()
