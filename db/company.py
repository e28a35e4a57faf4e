"""Statements about companies: their settings, their people, their keys."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, delete, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from db.paging import Page, Slice, page
from db.session import Session
from db.tables import ApiKey, SignIn, Tenant, User
from domain.enums import Role


async def all_tenants(gateway: AsyncSession) -> Sequence[UUID]:
    """Every tenant of the installation."""
    return (await gateway.scalars(select(Tenant.id))).all()


async def insert_tenant(session: Session, values: Mapping[str, Any]) -> None:
    """The tenant of the transaction, which is new."""
    await session.execute(insert(Tenant).values(id=session.scope.tenant_id, **values))


async def own_tenant(session: Session) -> Tenant:
    """The tenant of the transaction."""
    return await session.get_one(Tenant, session.scope.tenant_id)


async def change_settings(session: Session, values: Mapping[str, Any]) -> Tenant:
    """Change the named settings of the transaction's tenant."""
    tenant = await own_tenant(session)
    if values:
        await session.execute(
            update(Tenant).where(Tenant.id == tenant.id).values(**values, updated_at=func.now())
        )
        await session.refresh(tenant)
    return tenant


async def list_users(session: Session, wanted: Slice) -> Page[User]:
    """The company's users."""
    return await page(session, select(User), wanted, User.created_at, User.id)


async def known_users(session: Session, user_ids: Sequence[UUID]) -> set[UUID]:
    """Which of these are users of the company."""
    return set(await session.scalars(select(User.id).where(User.id.in_(user_ids))))


async def active_users(
    session: Session, user_ids: Sequence[UUID], role: Role | None
) -> Sequence[UUID]:
    """The active users among these, and all active ones of a role."""
    wanted: list[ColumnElement[bool]] = [User.id.in_(user_ids)]
    if role:
        wanted.append(User.role == role)
    rows = await session.scalars(select(User.id).where(or_(*wanted), User.is_active))
    return rows.all()


async def has_active_admin(session: Session) -> bool:
    """Whether somebody is left who may change things."""
    admin = select(User.id).where(User.role == Role.ADMIN, User.is_active)
    return await session.scalar(admin.limit(1)) is not None


async def list_api_keys(session: Session, wanted: Slice) -> Page[ApiKey]:
    """The company's keys."""
    return await page(session, select(ApiKey), wanted, ApiKey.created_at, ApiKey.id)


async def end_sessions_of(session: Session, user_id: UUID, but: bytes | None = None) -> None:
    """Sign a user out everywhere, except from the session of the token with that hash."""
    others = delete(SignIn).where(SignIn.user_id == user_id)
    await session.execute(others.where(SignIn.token_hash != but) if but else others)
