"""What people send by forms, and where they are sent next."""

import re
from collections.abc import Mapping
from urllib.parse import parse_qsl, urlencode

import orjson
from fastapi import Request
from runtime.access import JSON
from runtime.body import content_type

from gateway.errors import MalformedForm

LONGEST_NEXT = 2000
# A path of ours. Browsers read `\` as `/` and skip tabs and line breaks, so only plain characters are let through.
OWN_PATH = re.compile(r"/(?![/\\])[!-\[\]-~]*", re.ASCII)


async def fields_of(request: Request) -> Mapping[str, str]:
    """The fields of a form, or of a JSON object of texts. Raises `MalformedForm`."""
    body = await request.body()
    try:
        if content_type(request) == JSON:
            sent = orjson.loads(body or b"{}")
            if not isinstance(sent, dict) or not all(isinstance(value, str) for value in sent.values()):
                raise MalformedForm
            return sent
        pairs = parse_qsl(body.decode(), keep_blank_values=True, errors="strict", max_num_fields=20)
    except ValueError as broken:
        raise MalformedForm from broken
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise MalformedForm
    return fields


def needed(fields: Mapping[str, str], name: str) -> str:
    """A field that must be there. Raises `MalformedForm`, which names it."""
    if not fields.get(name):
        raise MalformedForm(name)
    return fields[name]


def own_path(target: str | None) -> str:
    """Where somebody wanted to go, where that is a page of ours; the start page otherwise."""
    path = target or ""
    return path if len(path) <= LONGEST_NEXT and OWN_PATH.fullmatch(path) else "/"


def with_query(path: str, **parts: str) -> str:
    return f"{path}?{urlencode(parts)}"


def wants_json(request: Request) -> bool:
    """Whether a program asks, rather than a browser's form."""
    accept = request.headers.get("accept", "")
    return JSON in accept and "text/html" not in accept
