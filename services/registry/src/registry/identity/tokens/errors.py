"""Refusals of the token endpoint, in the words of RFC 6749 instead of problem details."""

from http import HTTPStatus
from typing import ClassVar


class TokenRefused(Exception):
    """The token endpoint refuses; a subclass is one `error` of RFC 6749, 5.2."""

    error: ClassVar[str]
    status: ClassVar[int] = HTTPStatus.BAD_REQUEST

    def __init__(self, description: str) -> None:
        super().__init__(description)
        self.description = description


class InvalidRequest(TokenRefused):
    error = "invalid_request"


class UnsupportedGrantType(TokenRefused):
    error = "unsupported_grant_type"


class InvalidClient(TokenRefused):
    """One answer whatever is wrong, so that nobody learns which client ids exist or are suspended."""

    error = "invalid_client"
    status = HTTPStatus.UNAUTHORIZED

    def __init__(self) -> None:
        super().__init__("client authentication failed")
