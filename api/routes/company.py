"""`/api/settings`, `/api/users`, `/api/api-keys` and `/api/me`."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response

from api.access import ADMIN, Caller, Db, State, TransactionalRoute
from api.paging import Wanted
from api.schemas.common import NO_FIELDS, Body
from api.schemas.company import (
    AccountMail,
    AccountMailAnswer,
    ApiKeyCreate,
    ApiKeyList,
    Me,
    NewApiKeyAnswer,
    Settings,
    SettingsAnswer,
    SettingsPatch,
    UserAnswer,
    UserCreate,
    UserList,
    UserPatch,
)
from api.state import AppState
from db import company, rows
from db.accounts import void_links_of
from db.session import Session
from db.tables import ApiKey, Tenant, User
from domain.enums import Role
from domain.errors import Conflict
from services import companies
from services.auth import Principal, digest, hash_password, new_token, sign_out_everywhere
from services.passwords import INVITATION_LIFETIME, invite
from services.webhook_secrets import webhook_secret

router = APIRouter(tags=["company"], route_class=TransactionalRoute)

_PREFIX_LENGTH = 12


@router.get("/me")
async def me(db: Db, caller: Caller) -> Me:
    """Who the caller is."""
    user = await rows.find(db, User, caller.user_id)
    tenant = await company.own_tenant(db)
    return Me.model_validate({"user": user, "tenant": tenant, "role": caller.role})


@router.get("/settings")
async def get_settings(db: Db, caller: Caller, state: State) -> SettingsAnswer:
    """The company's settings."""
    return _settings(await company.own_tenant(db), caller, state.settings.secret_key)


@router.patch("/settings", dependencies=[ADMIN])
async def change_settings(
    db: Db, caller: Caller, state: State, body: SettingsPatch
) -> SettingsAnswer:
    """Change the company's settings."""
    tenant = await companies.change_settings(db, body.given())
    return _settings(tenant, caller, state.settings.secret_key)


@router.get("/users")
async def list_users(db: Db, wanted: Wanted) -> UserList:
    """The company's users."""
    found = await company.list_users(db, wanted)
    return UserList.model_validate({"users": found.rows, **found.position})


@router.post("/users", status_code=201, dependencies=[ADMIN])
async def create_user(db: Db, state: State, body: UserCreate) -> UserAnswer:
    """A new user, whom `invite` sends an invitation."""
    values = await _with_hash(body)
    invited = values.pop("invite", False)
    user = await rows.add(db, User, values)
    if invited:
        await _invite(db, state, user)
    return UserAnswer.model_validate({"user": user})


@router.get("/users/{user_id}")
async def get_user(db: Db, user_id: UUID) -> UserAnswer:
    """One user."""
    return UserAnswer.model_validate({"user": await rows.find(db, User, user_id)})


@router.patch("/users/{user_id}", dependencies=[ADMIN])
async def change_user(db: Db, user_id: UUID, body: UserPatch) -> UserAnswer:
    """Change a user. A new password, or none, ends their sessions."""
    values = await _with_hash(body)
    user = await rows.change(db, User, user_id, values)
    if "password_hash" in values or values.get("is_active") is False:
        await sign_out_everywhere(db, user_id)
    elif "email" in values:
        await void_links_of(db, user_id)
    await _keep_an_admin(db)
    return UserAnswer.model_validate({"user": user})


@router.post("/users/{user_id}/invitation", status_code=202, dependencies=[ADMIN, NO_FIELDS])
async def invite_user(db: Db, state: State, user_id: UUID) -> AccountMailAnswer:
    """E-mail a user a link to choose a password by, once. Those they have got before stay valid."""
    user = await rows.find(db, User, user_id)
    await _invite(db, state, user)
    return account_mail(user.email, INVITATION_LIFETIME)


@router.get("/api-keys", dependencies=[ADMIN])
async def list_api_keys(db: Db, wanted: Wanted) -> ApiKeyList:
    """The company's keys, without their secret part."""
    found = await company.list_api_keys(db, wanted)
    return ApiKeyList.model_validate({"api_keys": found.rows, **found.position})


@router.post("/api-keys", status_code=201, dependencies=[ADMIN])
async def create_api_key(
    db: Db, caller: Caller, response: Response, body: ApiKeyCreate
) -> NewApiKeyAnswer:
    """A new key. It is shown in this answer and never again."""
    response.headers["Cache-Control"] = "no-store"
    key = new_token("cb")
    values = {
        "name": body.name,
        "role": body.role,
        "user_id": body.user_id or caller.user_id,
        "prefix": key[:_PREFIX_LENGTH],
        "key_hash": digest(key),
    }
    row = await rows.add(db, ApiKey, values)
    shown = {column.key: getattr(row, column.key) for column in row.__table__.columns}
    return NewApiKeyAnswer.model_validate({"api_key": {**shown, "key": key}})


@router.delete("/api-keys/{key_id}", status_code=204, dependencies=[ADMIN])
async def delete_api_key(db: Db, key_id: UUID) -> None:
    """Revoke a key, at once."""
    await db.delete(await rows.find(db, ApiKey, key_id))


def _settings(tenant: Tenant, caller: Principal, secret_key: str) -> SettingsAnswer:
    settings = Settings.model_validate(tenant)
    if caller.role is Role.ADMIN:
        settings.webhook_secret = webhook_secret(secret_key, tenant.id)
    return SettingsAnswer(settings=settings)


async def _with_hash(body: Body) -> dict[str, Any]:
    values = body.given()
    if password := values.pop("password", None):
        values["password_hash"] = await hash_password(password)
    return values


async def _invite(db: Session, state: AppState, user: User) -> None:
    await state.limits.count_account_mail(user.email)
    await invite(db, user, state.envelopes, state.links)


def account_mail(email: str, lifetime: timedelta) -> AccountMailAnswer:
    """What is answered of a mail that was asked for."""
    valid_hours = lifetime // timedelta(hours=1)
    return AccountMailAnswer(mail=AccountMail(email=email, valid_hours=valid_hours))


async def _keep_an_admin(db: Session) -> None:
    if not await company.has_active_admin(db):
        raise Conflict("last_admin", "The company needs an active admin.")
