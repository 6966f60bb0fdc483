"""A request of each route, made of what its service declares: for tests that walk them all."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from contracts.examples import example
from runtime.application import build
from runtime.listing import Listing
from runtime.service import Service

from testkit.service_clients import settings_of

NOBODYS = "00000000-0000-7000-8000-000000000000"
"""Stands for each id in an address."""


@dataclass(frozen=True)
class WalkedRequest:
    """A request as its route takes it: of a row nobody has, with the example of a body."""

    method: str
    path: str
    body: Any = None

    @property
    def reads(self) -> bool:
        """Whether it asks for a list, which is there for whoever may ask."""
        return NOBODYS not in self.path and (self.method == "GET" or self.path.startswith("/internal/"))


def requests_of(service: Service) -> Mapping[tuple[str, str], WalkedRequest]:
    """A request of each row of its table of routes; those of a gateway's question are asked for one column."""
    return dict(_declared(service)) | {
        ("POST", each.route().path): WalkedRequest("POST", each.route().path, _question(each)) for each in service.lists
    }


def _declared(service: Service) -> Iterator[tuple[tuple[str, str], WalkedRequest]]:
    document = build(service, settings_of(service, "postgresql://nowhere")).openapi()
    known = document["components"]["schemas"]
    for method, path in service.access:
        operation = document["paths"].get(path, {}).get(method.lower(), {})
        wanted = {
            each["name"]: example(each["schema"], known)
            for each in operation.get("parameters", ())
            if each["in"] == "query" and each.get("required")
        }
        address = re.sub(r"{\w+}", NOBODYS, path) + (f"?{urlencode(wanted)}" if wanted else "")
        body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
        yield (method, path), WalkedRequest(method, address, example(body, known) if body else None)


def _question(listing: Listing[Any]) -> Mapping[str, Any]:
    return {"columns": listing.noun.columns[:1], "filter": {}}
