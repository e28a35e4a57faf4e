"""Who is asking: API keys, sessions of the browser, and links to choose a password by."""

import asyncio
import hashlib
import secrets
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, TypeVar
from uuid import UUID

from pwdlib import PasswordHash

from db.accounts import void_links_of
from db.company import end_sessions_of
from db.session import Database, Scope, Session, person
from db.sign_in import (
    FoundUser,
    delete_session,
    insert_session,
    password_hash_of,
    user_of_key,
    user_of_link,
    user_of_session,
    users_by_email,
)
from domain.enums import Role
from domain.errors import Invalid, Unauthorized

DEMO_PREFIX = "cb_demo"
"""Keys that everybody knows; they are made by `dev.seed` alone, and production refuses them."""

SESSION_LIFETIME = timedelta(days=14)

_passwords = PasswordHash.recommended()
_NOBODY = _passwords.hash("nobody has this password")
_hashing: Final = ThreadPoolExecutor(2, "passwords")
"""Each hash takes a processor's time and 64 MiB: aside from the event loop, and few at once."""

Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class Principal:
    """A user of a tenant, or a key that acts as one."""

    tenant_id: UUID
    user_id: UUID
    role: Role
    by_key: bool

    @property
    def scope(self) -> Scope:
        """What a transaction of theirs may see and do."""
        return person(self.tenant_id, self.user_id, self.role)


def new_token(prefix: str) -> str:
    """256 random bits, with a prefix that tells people and scanners what it is."""
    return f"{prefix}_{secrets.token_urlsafe(32)}"


def digest(token: str) -> bytes:
    """What is stored of a token. It is random, so a plain hash cannot be guessed back."""
    return hashlib.sha256(token.encode()).digest()


async def hash_password(password: str) -> str:
    """What is stored of a password: Argon2id."""
    return await _aside(_passwords.hash, password)


async def by_api_key(database: Database, key: str, *, production: bool) -> Principal:
    """Whom a key acts as.

    Raises:
        Unauthorized: there is no such key, or its user was deactivated.
    """
    if production and key.startswith(DEMO_PREFIX):
        raise Unauthorized("Demo keys are for development.")
    async with database.gateway() as gateway:
        found = await user_of_key(gateway, digest(key))
    if found is None:
        raise Unauthorized("The API key is not valid.")
    return _principal(found, by_key=True)


async def by_session(database: Database, token: str) -> Principal:
    """Whose session it is.

    Raises:
        Unauthorized: it is over, or its user was deactivated.
    """
    async with database.gateway() as gateway:
        found = await user_of_session(gateway, digest(token))
    if found is None:
        raise Unauthorized("The session is over; sign in again.")
    return _principal(found, by_key=False)


async def check_password(database: Database, email: str, password: str) -> Principal:
    """Who signs in. Takes as long for an address that nobody has.

    Raises:
        Unauthorized: e-mail and password do not belong together.
    """
    async with database.gateway() as gateway:
        users = await users_by_email(gateway, email)
    for user in users:
        if user.password_hash and await _fits(password, user.password_hash):
            return _principal(user, by_key=False)
    if not any(user.password_hash for user in users):
        await _fits(password, _NOBODY)
    raise Unauthorized("E-mail and password do not belong together.")


async def by_password_link(database: Database, token: str) -> Principal:
    """Whose link to choose a password it is.

    Raises:
        Invalid: it is spent, its time is over, or its user was deactivated.
    """
    async with database.gateway() as gateway:
        found = await user_of_link(gateway, digest(token))
    if found is None:
        raise void_link()
    return _principal(found, by_key=False)


def void_link() -> Invalid:
    """What is said to whoever has a link that is no good."""
    return Invalid.field("token", "is not valid any more: the link was used, or its time is over")


async def check_own_password(database: Database, principal: Principal, password: str) -> None:
    """Raise Invalid unless it is the password of whoever asks, who may have none."""
    async with database.gateway() as gateway:
        stored = await password_hash_of(gateway, principal.user_id)
    if stored is None or not await _fits(password, stored):
        raise Invalid.field("current_password", "is not your password")


async def sign_out_everywhere(
    session: Session, user_id: UUID, *, staying: str | None = None
) -> None:
    """End a user's sessions, but that of the token `staying`, and make void what links they have."""
    await end_sessions_of(session, user_id, digest(staying) if staying else None)
    await void_links_of(session, user_id)


async def open_session(session: Session) -> str:
    """The token of a new session of the transaction's user."""
    token = new_token("cbs")
    await insert_session(session, digest(token), datetime.now(UTC) + SESSION_LIFETIME)
    return token


async def close_session(session: Session, token: str) -> None:
    """Sign out."""
    await delete_session(session, digest(token))


async def _fits(password: str, stored: str) -> bool:
    return await _aside(_passwords.verify, password, stored)


async def _aside(act: Callable[..., Answer], *given: str) -> Answer:
    return await asyncio.get_running_loop().run_in_executor(_hashing, act, *given)


def _principal(user: FoundUser, *, by_key: bool) -> Principal:
    return Principal(user.tenant_id, user.user_id, Role(user.role), by_key)
