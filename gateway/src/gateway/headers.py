"""Headers every answer of an interface carries: it is no page, nobody frames it, nothing keeps it."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

SECURE = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Strict-Transport-Security": "max-age=31536000",
    "Cache-Control": "no-store",
}
"""Set where the answer does not say the same header itself. The referrer goes to ourselves alone: without any, browsers
send our own forms with `Origin: null`, and we could not tell them from those of others."""


class SecureHeaders:
    """ASGI middleware that sets the headers."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._raw = [(name.lower().encode(), value.encode()) for name, value in SECURE.items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                said = {name for name, _ in message["headers"]}
                message["headers"] = [*message["headers"], *(pair for pair in self._raw if pair[0] not in said)]
            await send(message)

        await self._app(scope, receive, with_headers if scope["type"] == "http" else send)
