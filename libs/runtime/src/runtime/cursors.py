"""Keyset cursors: signed, and bound to the list, filter and order they were made for."""

import base64
import hashlib
import hmac
from collections.abc import Sequence

import orjson

from runtime.problems import InvalidCursor

SIGNATURE = 12


class Cursors:
    """Makes and reads the cursors of one list with one filter and order."""

    def __init__(self, key: str, *, bound_to: object) -> None:
        """`bound_to` is anything JSON can hold that names the list, its filter and its order."""
        described = orjson.dumps(bound_to, default=str, option=orjson.OPT_SORT_KEYS)
        self._key = hmac.digest(key.encode(), described, hashlib.sha256)

    def encode(self, position: Sequence[object]) -> str:
        """The cursor that stands behind the row with these sort values."""
        body = orjson.dumps(position, default=str)
        return base64.urlsafe_b64encode(self._sign(body) + body).decode().rstrip("=")

    def decode(self, cursor: str) -> list[object]:
        """The sort values of the row the cursor stands behind. Raises `InvalidCursor`."""
        try:
            raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
            signature, body = raw[:SIGNATURE], raw[SIGNATURE:]
            if not hmac.compare_digest(signature, self._sign(body)):
                raise InvalidCursor("after")
            position = orjson.loads(body)
        except ValueError as refused:
            raise InvalidCursor("after") from refused
        return list(position)

    def _sign(self, body: bytes) -> bytes:
        return hmac.digest(self._key, body, hashlib.sha256)[:SIGNATURE]
