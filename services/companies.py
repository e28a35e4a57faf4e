"""Making a company: `python -m services.companies NAME ADMIN_EMAIL`, and the password on standard input."""

import argparse
import asyncio
import sys
from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4

from db import rows
from db.campaigns import changing_all
from db.company import change_settings as update_settings
from db.company import insert_tenant, own_tenant
from db.session import Database, Session, person
from db.tables import ApiKey, Tenant, User
from domain.enums import Role
from domain.fields import normalise_email
from services.auth import digest, hash_password
from services.building import replan_in_new_zone
from services.settings import Settings


async def create_company(database: Database, name: str, **settings: Any) -> UUID:  # noqa: ANN401 — columns
    """A new tenant, without users."""
    tenant_id = uuid4()
    async with database.transaction(person(tenant_id, tenant_id, Role.ADMIN)) as session:
        await insert_tenant(session, {"name": name, "company_name": name, **settings})
    return tenant_id


async def change_settings(session: Session, values: Mapping[str, Any]) -> Tenant:
    """Change the named settings of the transaction's tenant; a new zone moves those who wait by the calendar."""
    before = (await own_tenant(session)).timezone
    if values.get("timezone", before) != before:
        await changing_all(session)
    tenant = await update_settings(session, values)
    if tenant.timezone != before:
        await replan_in_new_zone(session)
    return tenant


async def create_user(
    session: Session,
    *,
    email: str,
    name: str,
    role: Role,
    password: str | None,
    **more: Any,  # noqa: ANN401 — columns
) -> User:
    """A user of the transaction's tenant."""
    values: Mapping[str, Any] = {
        "email": normalise_email(email),
        "name": name,
        "role": role,
        "password_hash": await hash_password(password) if password else None,
        **more,
    }
    return await rows.add(session, User, values)


async def create_key(session: Session, user: User, role: Role, key: str) -> ApiKey:
    """An API key of the transaction's tenant that acts as the user."""
    values = {"user_id": user.id, "name": f"{role} key", "role": role}
    return await rows.add(session, ApiKey, {**values, "prefix": key[:12], "key_hash": digest(key)})


async def main() -> None:
    """Make a company and its first admin."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("name")
    parser.add_argument("admin_email")
    arguments = parser.parse_args()
    password = sys.stdin.readline().strip()
    database = Database(Settings().database_url)
    tenant_id = await create_company(database, arguments.name)
    async with database.transaction(person(tenant_id, tenant_id, Role.ADMIN)) as session:
        await create_user(
            session,
            email=arguments.admin_email,
            name=arguments.admin_email,
            role=Role.ADMIN,
            password=password,
        )
    await database.close()


if __name__ == "__main__":
    asyncio.run(main())
