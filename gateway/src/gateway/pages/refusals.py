"""Refusals as people read them: a page for browsers, and the sentence of a code that came back in an address."""

from collections.abc import Awaitable, Callable, Iterator
from typing import cast

from fastapi import FastAPI, Request, Response
from runtime.language import Language
from runtime.problems import MethodNotAllowed, NotFound, Refusal, problem
from starlette.exceptions import HTTPException

from gateway.pages.language import language_of
from gateway.pages.rendering import page
from gateway.pages.words import SPOKEN

INTERFACES = ("/api/", "/oauth/", "/.well-known/")
"""Doors of machines: they answer problem details, whoever asks."""
KEPT_HEADERS = ("allow", "retry-after", "www-authenticate")
READING = ("GET", "HEAD")
Answering = Callable[[Request, Exception], Awaitable[Response]]


def of_code(code: str, language: Language) -> str:
    """The sentence of a known code; of any other, that it was refused. Nothing of the code itself is told."""
    if word := SPOKEN[language].get(f"refused_{code}"):
        return word
    known = {each.code: each for each in _all_refusals(Refusal)}
    return known.get(code, Refusal)().sentence(language)


def _all_refusals(kind: type[Refusal]) -> Iterator[type[Refusal]]:
    for each in kind.__subclasses__():
        if "{" not in each.en and "__init__" not in each.__dict__:  # one that tells facts tells nothing without them
            yield each
        yield from _all_refusals(each)


def wants_page(request: Request) -> bool:
    """Whether a browser is at the door, and at one made for people."""
    kinds = [kind.partition(";")[0].strip() for kind in request.headers.get("accept", "").split(",")]
    return request.method in READING and "text/html" in kinds and not request.url.path.startswith(INTERFACES)


def as_page(request: Request, refusal: Refusal) -> Response:
    """A refusal as a page."""
    language = language_of(request)
    return refused_page(request, refusal.sentence(language), problem(refusal, language))


def refused_page(request: Request, sentence: str, answer: Response) -> Response:
    """The page that says what `answer` says."""
    headers = {name: answer.headers[name] for name in KEPT_HEADERS if name in answer.headers}
    missing = answer.status_code == NotFound.status
    return page(request, "refused.html", status=answer.status_code, headers=headers, sentence=sentence, missing=missing)


def answer_browsers(app: FastAPI) -> None:
    """Let refusals be pages where a browser asks for one; all others hear them as before."""
    for kind in (Refusal, HTTPException, Exception):
        app.add_exception_handler(kind, _as_page(cast(Answering, app.exception_handlers[kind])))


def _as_page(plain: Answering) -> Answering:
    async def answer(request: Request, raised: Exception) -> Response:
        told = await plain(request, raised)
        return refused_page(request, _sentence(request, raised), told) if wants_page(request) else told

    return answer


def _sentence(request: Request, raised: Exception) -> str:
    language = language_of(request)
    if isinstance(raised, Refusal):
        return raised.sentence(language)
    kinds: dict[int, type[Refusal]] = {404: NotFound, 405: MethodNotAllowed}
    status = raised.status_code if isinstance(raised, HTTPException) else 0
    return kinds.get(status, Refusal)().sentence(language)
