"""Typed Python client and the `tansiq` command for partners, hubs and operators."""

from client.credentials import Credentials
from client.errors import Refused, RowError, Unreachable
from client.tansiq import Tansiq

__all__ = ["Credentials", "Refused", "RowError", "Tansiq", "Unreachable"]
