"""Which language a page speaks: as chosen by a link, remembered in a cookie, else the reader's own or the browser's."""

from collections.abc import Mapping
from urllib.parse import urlencode

from fastapi import Request, Response
from runtime.language import Language, preferred

from gateway.signing_in.sessions import signed_in_by

COOKIE = "language"
CHOICE = "lang"
REMEMBERED_SECONDS = 365 * 24 * 3600
LANGUAGES: Mapping[str, Language] = {"ar": "ar", "en": "en"}
DIRECTIONS: Mapping[Language, str] = {"ar": "rtl", "en": "ltr"}
OTHER: Mapping[Language, Language] = {"ar": "en", "en": "ar"}
CARRIED = ("level", "area", "month", "after", "token")
"""What of an address a page's other language is asked with."""


def chosen(request: Request) -> Language | None:
    """The language the address itself asks for."""
    return LANGUAGES.get(request.query_params.get(CHOICE, ""))


def language_of(request: Request) -> Language:
    remembered = LANGUAGES.get(request.cookies.get(COOKIE, ""))
    return chosen(request) or remembered or _own(request) or preferred(request.headers.get("accept-language"))


def _own(request: Request) -> Language | None:
    """The language a person who is signed in was invited with."""
    signed_in = signed_in_by(request)
    return signed_in.person.language if signed_in else None


def other_language(request: Request, language: Language) -> str:
    """Address of the same page in the other language."""
    kept = {name: request.query_params[name] for name in CARRIED if name in request.query_params}
    return "?" + urlencode({**kept, CHOICE: OTHER[language]}, errors="replace")


def remember(request: Request, response: Response) -> None:
    """Keep an explicit choice. The cookie says a language and nothing else."""
    if language := chosen(request):
        secure = request.app.state.settings.environment == "production"
        response.set_cookie(
            COOKIE, language, max_age=REMEMBERED_SECONDS, path="/", httponly=True, samesite="lax", secure=secure
        )
