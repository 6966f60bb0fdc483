"""Whether the head of a request says one thing only: one host, one token, one length, one key."""

import re
from collections.abc import Mapping, Sequence
from typing import Final, Protocol
from urllib.parse import urlsplit

from runtime.problems import Refusal
from runtime.wire.errors import (
    DoubledHeader,
    HostMissing,
    HostsDiffer,
    UnknownExpectation,
    UnknownTransferCoding,
    UnreadableRequest,
)

Header = tuple[bytes, bytes]


class Parser(Protocol):
    """Knows the version of what it reads."""

    def get_http_version(self) -> str: ...


HOST: Final = re.compile(rb"(?:\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._~%!$&'*+;=-]+)(?::[0-9]{1,5})?")
SINGLE: Final = (
    frozenset((b"host", b"authorization", b"content-type", b"content-length", b"content-encoding", b"expect"))
    | {b"idempotency-key"}
    | {b"if-match", b"last-event-id", b"origin", b"transfer-encoding", b"traceparent"}
)
ABSOLUTE: Final = re.compile(rb"https?://", re.IGNORECASE)
TOKEN: Final = re.compile(rb"[A-Z][A-Z-]{0,30} [/*h]")
"""How a request with a method begins, known or not."""


def fault_in(headers: Sequence[Header], named: Mapping[bytes, bytes], parser: Parser) -> Refusal | None:
    """What is wrong with a complete head, if anything; `named` are the same headers by name."""
    host, coding = named.get(b"host"), named.get(b"transfer-encoding")
    if len(named) != len(headers) and (doubled := _doubled(headers)):
        return HostMissing("Host") if doubled == b"host" else DoubledHeader(name=doubled.decode().title())
    if host is None:
        if parser.get_http_version() != "1.0":
            return HostMissing("Host")
    elif not HOST.fullmatch(host):
        return HostMissing("Host")
    if coding is not None:
        if parser.get_http_version() == "1.0":
            return UnreadableRequest()
        if coding.strip().lower() != b"chunked":
            return UnknownTransferCoding()
    if b"expect" in named and named[b"expect"].lower() != b"100-continue":
        return UnknownExpectation()
    return None


def _doubled(headers: Sequence[Header]) -> bytes | None:
    """A header that is to say one thing and is there twice."""
    names = [name for name, _ in headers]
    return next((name for name in names if name in SINGLE and names.count(name) > 1), None)


def own_target(target: bytes, headers: Sequence[Header]) -> bytes:
    """Path and query of a target in its absolute form. Raises `HostsDiffer`, `UnreadableRequest`."""
    if not ABSOLUTE.match(target):
        raise UnreadableRequest
    try:
        address = urlsplit(target)
    except ValueError as broken:
        raise UnreadableRequest from broken
    named = next((value for name, value in headers if name == b"host"), address.netloc)
    if address.netloc.lower() != named.lower():
        raise HostsDiffer
    return (address.path or b"/") + (b"?" + address.query if address.query else b"")


def value_of(key: bytes, headers: Sequence[Header] | None) -> str | None:
    """The header's value in a head that may be incomplete."""
    return next((value.decode("latin-1") for name, value in headers or () if name == key), None)
