"""Making a page from its template: escaped, in the reader's language, with the headers every page carries."""

from collections.abc import Mapping
from http import HTTPStatus
from pathlib import Path
from typing import Any

from fastapi import Request, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from gateway.pages import assets
from gateway.pages.language import DIRECTIONS, OTHER, language_of, other_language, remember
from gateway.pages.words import SPOKEN

CONTENT_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": CONTENT_POLICY,
    # Not "no-referrer": with that, browsers send forms with `Origin: null`, which the door must refuse.
    "Referrer-Policy": "same-origin",
    "Vary": "Accept-Language, Cookie",
}

TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    auto_reload=False,
    trim_blocks=True,
    lstrip_blocks=True,
)
TEMPLATES.globals["asset"] = assets.address
TEMPLATES.filters["thousands"] = lambda number: f"{number:,}"


def page(
    request: Request,
    template: str,
    *,
    status: int = HTTPStatus.OK,
    headers: Mapping[str, str] | None = None,
    **facts: Any,
) -> Response:
    """The page in the reader's language."""
    language, settings = language_of(request), request.app.state.settings
    text = TEMPLATES.get_template(template).render(
        t=SPOKEN[language],
        language=language,
        direction=DIRECTIONS[language],
        other=OTHER[language],
        other_direction=DIRECTIONS[OTHER[language]],
        other_address=other_language(request, language),
        developing=settings.environment == "development",
        source=settings.source_url,
        **facts,
    )
    response = Response(text, int(status), {**HEADERS, "Content-Language": language, **(headers or {})}, "text/html")
    remember(request, response)
    return response
