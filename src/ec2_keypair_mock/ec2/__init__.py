"""What EC2 does with key pairs: no network, no client library, no test framework."""
