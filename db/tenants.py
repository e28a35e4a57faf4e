"""Tenants as a whole."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from db.session import Session
from db.tables import Tenant


async def all_tenants(gateway: AsyncSession) -> Sequence[UUID]:
    """Every tenant of the installation."""
    return (await gateway.scalars(select(Tenant.id))).all()


async def own_tenant(session: Session) -> Tenant:
    """The tenant of the transaction."""
    return await session.get_one(Tenant, session.scope.tenant_id)
