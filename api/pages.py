"""The web pages: the files that `make web` builds, and for every page of theirs the one document that shows it.

What is below `/assets` has its content's hash in its name, and is kept for good. Everything else is asked for again.
"""

from pathlib import Path
from typing import Final

from fastapi import FastAPI
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import PlainTextResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_NOT_PAGES: Final = frozenset(
    {"api", "assets", "docs", "healthz", "metrics", "openapi.json", "readyz", "t", "u", "webhooks"}
)
"""What a path begins with that is for programs, or has pages of its own: unknown ones are errors there."""

_CONTENT_POLICY: Final = "; ".join(
    (
        "default-src 'self'",
        "img-src 'self' data: https:",  # previews of e-mails, with the pictures that they name
        "style-src 'self' 'unsafe-inline'",  # the components position themselves by it, and e-mails are styled by it
        "frame-src 'self'",
        "object-src 'none'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
_EVERYWHERE: Final = {
    "X-Content-Type-Options": "nosniff",
    # Links to choose a password by carry a secret: no other site may learn where somebody comes from.
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
_FOREVER: Final = "public, max-age=31536000, immutable"
_ASK_AGAIN: Final = "no-cache"
_NOT_BUILT: Final = (
    "The web pages are not built yet. `make web` builds them, and so does `make run`.\n"
    "The API is here all the same: /docs explains it.\n"
)


def serve_pages(app: FastAPI, directory: Path) -> None:
    """Serve the pages where no route of the application is, and tell browsers what no answer of it may do."""
    files = _Files(directory)
    not_found = app.router.default

    async def show(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and _is_page(scope):
            response = await files.page(scope)
            await response(scope, receive, send)
        else:
            await not_found(scope, receive, send)

    app.mount("/assets", GZipMiddleware(_Assets(directory / "assets"), compresslevel=6))
    app.router.default = show
    app.add_middleware(_SafeHeaders)


def _is_page(scope: Scope) -> bool:
    first = scope["path"].lstrip("/").partition("/")[0]
    return scope["method"] in ("GET", "HEAD") and first not in _NOT_PAGES


class _Files(StaticFiles):
    """Files that may not be there yet."""

    def __init__(self, directory: Path) -> None:
        super().__init__(directory=directory, check_dir=False)
        self.config_checked = True

    async def page(self, scope: Scope) -> Response:
        """A file of the pages that lies beside their document, or the document."""
        try:
            response = await self.get_response(self.get_path(scope), scope)
        except HTTPException:
            try:
                response = await self.get_response("index.html", scope)
            except HTTPException:
                response = PlainTextResponse(_NOT_BUILT, 503)
        response.headers["Cache-Control"] = _ASK_AGAIN
        response.headers["Content-Security-Policy"] = _CONTENT_POLICY
        return response


class _Assets(_Files):
    """Files that never change."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """The file. Raises HTTPException where there is none."""
        response = await super().get_response(path, scope)
        response.headers["Cache-Control"] = _FOREVER
        return response


class _SafeHeaders:
    """Adds to every answer what keeps browsers from guessing and telling, unless it says otherwise itself."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and the answer with the headers."""

        async def send_safely(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _EVERYWHERE.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, send_safely)
