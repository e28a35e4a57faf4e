"""`/api/auth/session`: signing in to, and out of, the web pages."""

from fastapi import APIRouter, Request, Response

from api.access import SESSION_COOKIE, State, address_of, authenticate, check_origin
from api.schemas.company import Me, SignInBody
from db import rows
from db.company import own_tenant
from db.session import Scope, person
from db.tables import User
from services.auth import (
    SESSION_LIFETIME,
    Principal,
    check_password,
    close_session,
    open_session,
)

router = APIRouter(prefix="/auth/session", tags=["sign-in"])


@router.post("", status_code=201)
async def sign_in(request: Request, response: Response, state: State, body: SignInBody) -> Me:
    """Sign in; the session is in an HttpOnly cookie."""
    check_origin(request)
    await state.limits.count_sign_in(address_of(request), body.email)
    principal = await check_password(state.database, body.email, body.password)
    async with state.database.transaction(_scope(principal)) as session:
        token = await open_session(session)
        user = await rows.find(session, User, principal.user_id)
        tenant = await own_tenant(session)
    response.set_cookie(
        SESSION_COOKIE,
        token,
        max_age=int(SESSION_LIFETIME.total_seconds()),
        httponly=True,
        samesite="lax",
        secure=state.settings.public_url.startswith("https:"),
    )
    return Me.model_validate({"user": user, "tenant": tenant, "role": principal.role})


@router.get("")
async def current_session(request: Request, state: State) -> Me:
    """Who is signed in."""
    principal = await authenticate(request)
    async with state.database.transaction(_scope(principal)) as session:
        user = await rows.find(session, User, principal.user_id)
        tenant = await own_tenant(session)
    return Me.model_validate({"user": user, "tenant": tenant, "role": principal.role})


@router.delete("", status_code=204)
async def sign_out(request: Request, response: Response, state: State) -> None:
    """Sign out, here."""
    principal = await authenticate(request)
    if token := request.cookies.get(SESSION_COOKIE):
        async with state.database.transaction(_scope(principal)) as session:
            await close_session(session, token)
    response.delete_cookie(SESSION_COOKIE)


def _scope(principal: Principal) -> Scope:
    return person(principal.tenant_id, principal.user_id, principal.role)
