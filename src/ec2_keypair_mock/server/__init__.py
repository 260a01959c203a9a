"""The HTTP server: every AWS service that moto has, with exact key pairs, for any AWS client."""

from .running import ServedKeyPairMock, Server, serve, served

__all__ = ["ServedKeyPairMock", "Server", "serve", "served"]
