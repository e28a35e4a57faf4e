"""Where a tenant enters: every transaction names a role of PostgreSQL, and a tenant where it has one.

The connection itself is `campaigns_app` without a tenant, which sees no row of anybody's, so what forgets to say
who it is finds nothing.
"""

from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine

from domain.enums import Role
from domain.plans import AfterCommit, RefreshWorkflow

_APP: Final = "campaigns_app"
_ENGINE: Final = "campaigns_engine"
_GATEWAY: Final = "campaigns_gateway"


@dataclass(frozen=True, slots=True)
class Scope:
    """Who a transaction acts for. `role` is what a person may do; the engine has none."""

    tenant_id: UUID
    db_role: str
    role: Role | None = None
    user_id: UUID | None = None


def person(tenant_id: UUID, user_id: UUID, role: Role) -> Scope:
    """A person or an API client."""
    return Scope(tenant_id, _APP, role, user_id)


def engine(tenant_id: UUID) -> Scope:
    """The worker."""
    return Scope(tenant_id, _ENGINE)


class Session(AsyncSession):
    """A transaction of one scope.

    `outbox` is what is to be done once it is committed. The rows say the same, so what gets lost on
    the way is found by the reconciler.
    """

    scope: Scope
    outbox: list[AfterCommit]

    def wake(self, enrollment_ids: Iterable[UUID]) -> None:
        """Have the workflows of these look at their rows, once this is committed."""
        self.outbox += [RefreshWorkflow(enrollment_id) for enrollment_id in enrollment_ids]


_ENTER: Final = text(
    "select set_config('role', :db_role, true), set_config('app.tenant_id', :tenant_id, true),"
    " set_config('app.role', :role, true), set_config('app.user_id', :user_id, true)"
)


async def become_engine(session: Session) -> None:
    """Go on in the engine's narrow role, for what a person may bring about but not write."""
    await session.execute(text("select set_config('role', :role, true)"), {"role": _ENGINE})


@asynccontextmanager
async def trial(session: Session) -> AsyncIterator[Session]:
    """What somebody would do, within their own transaction: nothing of it happens in the end.

    Rolls back to where it began, which gives up its locks as well; nobody is told what lies in its outbox.
    """
    connection = await session.connection()
    inside = Session(connection, expire_on_commit=False, join_transaction_mode="create_savepoint")
    inside.scope, inside.outbox = session.scope, []
    try:
        yield inside
    finally:
        await inside.close()


@asynccontextmanager
async def rehearsal(session: Session) -> AsyncIterator[Session]:
    """What the engine would do, within a transaction of somebody else: a trial in its role."""
    async with trial(session) as inside:
        inside.scope = engine(session.scope.tenant_id)
        await become_engine(inside)
        yield inside


_PASSING: Final = frozenset({"08", "40", "53", "55", "57"})
"""Classes of PostgreSQL's errors: connection, rollback (deadlocks), resources, state, intervention."""


_GAVE_WAY: Final = frozenset({"40001", "40P01"})
"""Serialization failure, and deadlock: https://www.postgresql.org/docs/current/errcodes-appendix.html"""


def will_pass(error: Exception) -> bool:
    """Whether it is no fault of what was asked of the database: asked again it may well work."""
    if not isinstance(error, DBAPIError):
        return isinstance(error, OSError | TimeoutError | PoolTimeoutError)
    sqlstate = getattr(error.orig, "sqlstate", None) or ""
    return error.connection_invalidated or sqlstate[:2] in _PASSING


def gave_way(error: Exception) -> bool:
    """Whether PostgreSQL has ended a transaction in favour of another: nothing of it was done."""
    return isinstance(error, DBAPIError) and getattr(error.orig, "sqlstate", None) in _GAVE_WAY


_ABANDONED_AFTER: Final = "15s"
"""Whoever says nothing for so long in a transaction has died or stands still, and others want its rows."""


class Database:
    """The pool of connections, and the only place that opens a transaction."""

    def __init__(self, url: str, *, pool_size: int = 10) -> None:
        self._engine = create_async_engine(
            driver_url(url),
            pool_size=pool_size,
            max_overflow=pool_size,
            pool_pre_ping=True,
            # Parameters are people's data; errors end up in logs and in Temporal's histories.
            hide_parameters=True,
            connect_args={
                "server_settings": {
                    "role": _APP,
                    "timezone": "UTC",
                    "jit": "off",
                    "idle_in_transaction_session_timeout": _ABANDONED_AFTER,
                }
            },
        )

    @asynccontextmanager
    async def transaction(self, scope: Scope) -> AsyncIterator[Session]:
        """A transaction that sees the rows of the scope's tenant. Commits unless it raises."""
        settings = {
            "db_role": scope.db_role,
            "tenant_id": str(scope.tenant_id),
            "role": scope.role or "",
            "user_id": str(scope.user_id or ""),
        }
        async with self._begin(settings) as session:
            session.scope = scope
            session.outbox = []
            yield session

    @asynccontextmanager
    async def gateway(self) -> AsyncIterator[AsyncSession]:
        """A transaction before a tenant is known: sign-in, and finding work left behind."""
        settings = {"db_role": _GATEWAY, "tenant_id": "", "role": "", "user_id": ""}
        async with self._begin(settings) as session:
            yield session

    @asynccontextmanager
    async def _begin(self, settings: Mapping[str, str]) -> AsyncIterator[Session]:
        async with Session(self._engine, expire_on_commit=False) as session, session.begin():
            await session.execute(_ENTER, settings)
            yield session

    async def check(self) -> None:
        """Raise RuntimeError if a role of our transactions could pass row-level security."""
        async with self._engine.connect() as connection:
            unsafe = await connection.scalar(
                text(
                    "select string_agg(rolname, ', ') from pg_roles"
                    " where rolname = any(:roles) and (rolsuper or rolbypassrls)"
                ),
                {"roles": [_APP, _ENGINE, _GATEWAY]},
            )
        if unsafe:
            raise RuntimeError(f"{unsafe} may bypass row-level security")

    async def ping(self) -> None:
        """Raise what the driver raises if the database does not answer."""
        async with self._engine.connect() as connection:
            await connection.execute(text("select 1"))

    async def close(self) -> None:
        """Close the pool."""
        await self._engine.dispose()


def driver_url(url: str) -> str:
    """A `postgres://` or `postgresql://` URL as SQLAlchemy wants it for asyncpg."""
    _, _, rest = url.partition("://")
    return f"postgresql+asyncpg://{rest}"
