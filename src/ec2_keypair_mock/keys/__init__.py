"""SSH key material: pure functions that know no AWS request and keep no state.

Nothing is imported here, so that reading public keys does not load ``cryptography``.
"""
