"""Who asks, in which transaction, and whether it was asked before.

A route of ours runs in one transaction of its caller's tenant. The answer is made before the commit, so that an
`Idempotency-Key` keeps the answer together with what was done; what Temporal is to be told goes out after it.
"""

import hmac
from collections.abc import Callable, Coroutine
from contextlib import AbstractAsyncContextManager, nullcontext
from datetime import UTC, datetime
from typing import Annotated, Any
from urllib.parse import urlsplit

from fastapi import Depends, Request, Response, Security
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute
from fastapi.security import APIKeyCookie, HTTPBearer

from api.repeats import until_through
from api.state import AppState, state_of
from db.idempotency import claim_key, keep_answer
from db.session import Session
from domain.enums import Role
from domain.errors import Conflict, Forbidden, Invalid, Unauthorized
from services.auth import SESSION_LIFETIME, Principal, by_api_key, by_session

SESSION_COOKIE = "cb_session"
MAX_KEY = 255
"""Characters of an `Idempotency-Key`."""

_bearer = HTTPBearer(auto_error=False, description="An API key.")
_cookie = APIKeyCookie(name=SESSION_COOKIE, auto_error=False, description="The UI's session.")
SECURITY = [Security(_bearer), Security(_cookie)]
"""For the OpenAPI document; `authenticate` is what decides."""


async def authenticate(request: Request) -> Principal:
    """The caller, by key or by session.

    Raises:
        Unauthorized: neither is valid.
        Forbidden: a session is used from another site (OWASP, CSRF: verifying the origin).
        RateLimited: too many requests.
    """
    state = state_of(request)
    header = request.headers.get("authorization")
    if header:
        scheme, _, key = header.partition(" ")
        if scheme.lower() != "bearer":
            raise Unauthorized("Send the API key as 'Authorization: Bearer <key>'.")
        key, production = key.strip(), state.settings.is_production
        async with state.limits.guesses(address_of(request)):
            principal = await by_api_key(state.database, key, production=production)
        await state.limits.count_request(key)
        return principal
    token = request.cookies.get(SESSION_COOKIE)
    if token is None:
        raise Unauthorized("Send an API key, or sign in.")
    check_origin(request)
    async with state.limits.guesses(address_of(request)):
        principal = await by_session(state.database, token)
    await state.limits.count_request(token)
    return principal


def keep_session(response: Response, state: AppState, token: str) -> None:
    """Let the browser keep the session, where its scripts cannot read it."""
    response.set_cookie(
        SESSION_COOKIE,
        token,
        max_age=int(SESSION_LIFETIME.total_seconds()),
        httponly=True,
        samesite="lax",
        secure=state.settings.public_url.startswith("https:"),
    )


def address_of(request: Request) -> str:
    """The network address that asks: the proxy's, unless FORWARDED_ALLOW_IPS trusts it to name the client."""
    return request.client.host if request.client else "unknown"


def check_origin(request: Request) -> None:
    """Refuse a change that a page of another site makes with our cookie."""
    origin = request.headers.get("origin")
    if request.method in ("GET", "HEAD") or origin is None:
        return
    if urlsplit(origin).netloc != request.headers.get("host"):
        raise Forbidden("This request comes from another site.")


class TransactionalRoute(APIRoute):
    """A route that runs in one transaction of its caller's tenant."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Wrap the handler in authentication, transaction and idempotency."""
        handler = super().get_route_handler()

        async def handle(request: Request) -> Response:
            principal = await authenticate(request)
            # Before the transaction, so that none waits for a slow line.
            content = await self.receive(request)
            return await until_through(lambda: answer(request, principal, content))

        async def answer(request: Request, principal: Principal, content: bytes) -> Response:
            state, scope = state_of(request), principal.scope
            async with self.turn(request), state.database.transaction(scope) as session:
                request.state.principal, request.state.session = principal, session
                key = _idempotency_key(request)
                if key is None:
                    response = await handler(request)
                else:
                    response = await _once(session, key, request, content, handler)
                await session.flush()
            await state.dispatcher.deliver(scope.tenant_id, session.outbox)
            return await self.complete(request, response)

        return handle

    async def receive(self, request: Request) -> bytes:
        """Take in the whole body, and answer what tells it from another one."""
        return await request.body()

    def turn(self, request: Request) -> AbstractAsyncContextManager[object]:  # noqa: ARG002 — a port
        """What is held while the transaction runs."""
        return nullcontext()

    async def complete(self, request: Request, response: Response) -> Response:  # noqa: ARG002 — a port
        """Add to an answer, a repeated one too, what is known only after the commit."""
        return response


def _idempotency_key(request: Request) -> str | None:
    key = request.headers.get("idempotency-key")
    if key is None or request.method != "POST":
        return None
    if not 1 <= len(key) <= MAX_KEY:
        raise Invalid.field("Idempotency-Key", f"must have 1 to {MAX_KEY} characters")
    return key


async def _once(
    session: Session,
    key: str,
    request: Request,
    content: bytes,
    handler: Callable[[Request], Coroutine[Any, Any, Response]],
) -> Response:
    """Answer a repeated request as the first one was answered.

    A refusal is not kept; nor is an answer that holds a secret (`Cache-Control: no-store`), only that it was given.
    """
    asked = f"{request.method} {request.url.path}?{request.url.query}\n".encode()
    # Keyed, because a body may hold a password, and a plain hash of it could be guessed back.
    secret_key = state_of(request).settings.secret_key.encode()
    request_hash = hmac.digest(secret_key, asked + content, "sha256")
    earlier = await claim_key(session, key, request_hash)
    if earlier is None:
        response = await handler(request)
        secret = response.headers.get("cache-control") == "no-store"
        answer = None if secret else bytes(response.body)
        await keep_answer(session, key, response.status_code, answer)
        return response
    if earlier.request_hash != request_hash:
        raise Conflict("idempotency_key_reused", "This key was used for another request.")
    if earlier.response is None:
        raise Conflict("answer_not_kept", "It was done; its answer holds a secret, shown once.")
    return Response(
        earlier.response,
        earlier.status_code or 200,
        {"Idempotency-Replayed": "true"},
        media_type=JSONResponse.media_type,
    )


def _session(request: Request) -> Session:
    session: Session = request.state.session
    return session


def _principal(request: Request) -> Principal:
    principal: Principal = request.state.principal
    return principal


def _now() -> datetime:
    return datetime.now(UTC)


Db = Annotated[Session, Depends(_session)]
Caller = Annotated[Principal, Depends(_principal)]
State = Annotated[AppState, Depends(state_of)]
Now = Annotated[datetime, Depends(_now)]


def _admin(caller: Caller) -> None:
    if caller.role is not Role.ADMIN:
        raise Forbidden("Only an admin may do this.")


ADMIN = Depends(_admin)


def not_staff(caller: Caller) -> None:
    """Raise Forbidden unless an admin or a manager calls."""
    if caller.role is Role.STAFF:
        raise Forbidden("Only an admin or a manager may do this.")


NOT_STAFF = Depends(not_staff)
"""For routes that admins and managers may use."""
