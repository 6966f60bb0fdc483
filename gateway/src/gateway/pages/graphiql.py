"""GraphiQL, in development only: its files are our own, so its page loads nothing from elsewhere."""

from fastapi import Request, Response

from gateway.pages.language import CHOICE
from gateway.pages.rendering import page

CONTENT_POLICY = (
    "default-src 'none'; script-src 'self'; connect-src 'self'; img-src 'self' data:; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'; "
    "style-src 'self' 'unsafe-inline'"  # its editor writes styles into the page
)


def is_shown(request: Request) -> bool:
    """In development, and where no query stands in the address: queries by GET are refused everywhere."""
    return request.app.state.settings.environment == "development" and set(request.query_params) <= {CHOICE}


def graphiql(request: Request) -> Response:
    """The page."""
    return page(request, "graphiql.html", headers={"Content-Security-Policy": CONTENT_POLICY})
