"""`/api/auth/password` and `PATCH /api/me`: what people do about their own accounts."""

import asyncio

from fastapi import APIRouter, Request, Response

from api.access import (
    SESSION_COOKIE,
    State,
    address_of,
    authenticate,
    check_origin,
    keep_session,
)
from api.repeats import RepeatableRoute
from api.routes.company import account_mail, me
from api.schemas.company import AccountMailAnswer, Me, MePatch, PasswordBody, ResetBody
from services import passwords
from services.auth import by_password_link, check_own_password, hash_password, open_session

router = APIRouter(tags=["sign-in"], route_class=RepeatableRoute)

_ANSWER_SECONDS = 0.5
"""How long an answer takes that is not to tell, by its time either, whether anybody has an address."""

_mailing: set[asyncio.Task[None]] = set()
"""What is still under way then. The event loop alone would not keep it alive."""


@router.post("/auth/password-resets", status_code=202)
async def request_reset(request: Request, state: State, body: ResetBody) -> AccountMailAnswer:
    """E-mail whoever has this address a link to choose a new password by, once.

    The answer is the same where nobody has it.
    """
    await state.limits.count_link(address_of(request))
    await state.limits.count_account_mail(body.email)
    mailing = asyncio.create_task(
        passwords.request_reset(
            state.database, state.dispatcher, state.envelopes, state.links, body.email
        )
    )
    _mailing.add(mailing)
    mailing.add_done_callback(_mailing.discard)
    await asyncio.sleep(_ANSWER_SECONDS)
    if mailing.done():
        mailing.result()
    return account_mail(body.email, passwords.RESET_LIFETIME)


@router.put("/auth/password")
async def choose_password(
    request: Request, response: Response, state: State, body: PasswordBody
) -> Me:
    """Choose a password by a link, and be signed in; all other sessions end, and the link is spent."""
    check_origin(request)
    await state.limits.count_link(address_of(request))
    principal = await by_password_link(state.database, body.token)
    password_hash = await hash_password(body.password)
    async with state.database.transaction(principal.scope) as session:
        await passwords.redeem(session, body.token, password_hash)
        token = await open_session(session)
        answer = await me(session, principal)
    keep_session(response, state, token)
    return answer


@router.patch("/me")
async def change_me(request: Request, state: State, body: MePatch) -> Me:
    """Change one's own profile. A new password ends all sessions but this one."""
    principal = await authenticate(request)
    values = body.given()
    current, password = values.pop("current_password", None), values.pop("password", None)
    if password is not None:
        await state.limits.count_own_password(principal.user_id)
        await check_own_password(state.database, principal, current)
        values["password_hash"] = await hash_password(password)
    staying = None if principal.by_key else request.cookies.get(SESSION_COOKIE)
    async with state.database.transaction(principal.scope) as session:
        await passwords.change_own(session, values, staying=staying)
        return await me(session, principal)
