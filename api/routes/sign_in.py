"""`/api/auth/session`: signing in to, and out of, the web pages."""

from fastapi import APIRouter, Request, Response

from api.access import (
    SESSION_COOKIE,
    State,
    address_of,
    authenticate,
    check_origin,
    keep_session,
)
from api.routes.company import me
from api.schemas.company import Me, SignInBody
from services.auth import check_password, close_session, open_session

router = APIRouter(prefix="/auth/session", tags=["sign-in"])


@router.post("", status_code=201)
async def sign_in(request: Request, response: Response, state: State, body: SignInBody) -> Me:
    """Sign in; the session is in an HttpOnly cookie."""
    check_origin(request)
    await state.limits.count_sign_in(address_of(request), body.email)
    principal = await check_password(state.database, body.email, body.password)
    async with state.database.transaction(principal.scope) as session:
        token = await open_session(session)
        answer = await me(session, principal)
    keep_session(response, state, token)
    return answer


@router.get("")
async def current_session(request: Request, state: State) -> Me:
    """Who is signed in."""
    principal = await authenticate(request)
    async with state.database.transaction(principal.scope) as session:
        return await me(session, principal)


@router.delete("", status_code=204)
async def sign_out(request: Request, response: Response, state: State) -> None:
    """Sign out, here."""
    principal = await authenticate(request)
    if token := request.cookies.get(SESSION_COOKIE):
        async with state.database.transaction(principal.scope) as session:
            await close_session(session, token)
    response.delete_cookie(SESSION_COOKIE)
