"""The doors of the pages."""

import asyncio
import re

import orjson
import structlog
from fastapi import APIRouter, Request, Response
from runtime.access import Caller
from runtime.problems import NotFound, Refusal, Unavailable
from runtime.routing import AuthorizedRoute

from gateway.access import OPEN_PAGE, PAGE
from gateway.errors import ServiceTooSlow
from gateway.pages import assets
from gateway.pages.coverage import CoverageReader, CoverageTable, parameters_of
from gateway.pages.guides import GUIDES, NAMES
from gateway.pages.language import language_of
from gateway.pages.persons import visitor_of
from gateway.pages.refusals import of_code
from gateway.pages.rendering import page
from gateway.pages.routes import routes_of
from gateway.pools import Upstream
from gateway.proxy.openapi import openapi_of
from gateway.upstream.questions import InvalidServiceQuery

log = structlog.get_logger("pages")
router = APIRouter(route_class=AuthorizedRoute, include_in_schema=False)

READ = ["GET", "HEAD"]
FIGURES_SECONDS = 4.0
"""How long the start page waits for its table."""
TOKEN = re.compile(r"^[A-Za-z0-9_.~-]{16,300}$")
INVITATION_HEADERS = {
    # The address holds a secret: of it, nothing but the origin is told, which the door wants to hear with the form.
    "Referrer-Policy": "strict-origin",
    "Cache-Control": "no-store",
}
A_WHILE = {"Cache-Control": "private, max-age=300"}


@router.api_route("/", methods=READ)
@PAGE
async def start(request: Request) -> Response:
    """What this is, how its parts are, and the latest coverage."""
    visitor, parts = visitor_of(request), await request.app.state.standing.parts()
    figures = await _figures(request) if visitor.signed_in else None
    return page(
        request,
        "start.html",
        visitor=visitor,
        parts=parts,
        refused=_refused(request),
        figures=figures if isinstance(figures, CoverageTable) else None,
        failure=figures.sentence(language_of(request)) if isinstance(figures, Refusal) else "",
        guides=NAMES,
        services=list(request.app.state.settings.origins),
    )


async def _figures(request: Request) -> CoverageTable | Refusal:
    """The table, or why there is none: a page whose figures fail is a page all the same."""
    state, caller = request.app.state, request.state.caller
    assert isinstance(caller, Caller)
    try:
        asked = parameters_of(request.query_params, caller, state.memory)
        async with asyncio.timeout(FIGURES_SECONDS):
            return await CoverageReader(state.questions, state.memory, caller, language_of(request)).figures(asked)
    except TimeoutError:
        return ServiceTooSlow()
    except Refusal as refusal:
        return refusal
    except InvalidServiceQuery as fault:
        log.error("no_figures", cause=str(fault))
        return Unavailable()


def _refused(request: Request) -> str | None:
    code = request.query_params.get("refused")
    return of_code(code, language_of(request)) if code else None


@router.api_route("/invitation", methods=READ)
@PAGE
async def invitation(request: Request) -> Response:
    """Where an invited person chooses a password."""
    token = request.query_params.get("token", "")
    return page(
        request,
        "invitation.html",
        headers=INVITATION_HEADERS,
        token=token if TOKEN.match(token) else None,
        refused=_refused(request),
    )


@router.api_route("/guides/{name}", methods=READ)
@OPEN_PAGE
async def guide(request: Request, name: str) -> Response:
    """A guide in the reader's language."""
    found = GUIDES.get((name, language_of(request)))
    if found is None:
        raise NotFound
    return page(request, "guide.html", headers=A_WHILE, guide=found)


@router.api_route("/docs/{service}", methods=READ)
@OPEN_PAGE
async def routes(request: Request, service: str) -> Response:
    """Routes of a service as a list."""
    if service not in request.app.state.settings.origins:
        raise NotFound
    upstream: Upstream = request.app.state.upstreams[service]
    async with upstream.pool.place():
        document = orjson.loads(await openapi_of(upstream.http, service, upstream.origin))
    return page(request, "routes.html", headers=A_WHILE, service=service, routes=routes_of(document))


@router.api_route("/assets/{name}", methods=READ)
@OPEN_PAGE
async def asset(request: Request, name: str) -> Response:
    """A file of the pages, to be kept for good."""
    found = assets.BY_NAME.get(name)
    if found is None or (found.for_developers and request.app.state.settings.environment != "development"):
        raise NotFound
    headers = {"Cache-Control": assets.FOR_EVER, "Vary": "Accept-Encoding"}
    if found.packed and "gzip" in request.headers.get("accept-encoding", ""):
        return Response(found.content, headers={**headers, "Content-Encoding": "gzip"}, media_type=found.kind)
    return Response(await asyncio.to_thread(assets.unpacked, found), headers=headers, media_type=found.kind)
