"""What every module of this package raises for key material that it cannot use."""


class InvalidKeyError(ValueError):
    """The key material cannot be read, or is of a kind that EC2 does not know.

    The text says what is wrong and never contains key material.
    """
