"""The demo companies of `make run`: users, sign-ins and keys that everybody knows.

Made once: a database that has them, or any company of somebody's own, is left alone.
"""

import asyncio

from db.company import all_tenants
from db.session import Database, person
from domain.enums import Role
from services.companies import create_company, create_key, create_user
from services.settings import Settings

PASSWORD = "demo-password"  # noqa: S105 — known to everybody, and refused in production
KEYS = {role: f"cb_demo_{role}" for role in Role}
OTHER_KEY = "cb_demo2_admin"
NAMES = {Role.ADMIN: "Alex Admin", Role.MANAGER: "Maria Manager", Role.STAFF: "Sam Staff"}


async def seed(database: Database) -> None:
    """Make the two demo companies, unless the database has a company already."""
    async with database.gateway() as gateway:
        if await all_tenants(gateway):
            return
    await _company(database, "Summit Roofing", "demo.example", KEYS)
    await _company(database, "Lakeside Roofing", "demo2.example", {Role.ADMIN: OTHER_KEY})


async def _company(database: Database, name: str, domain: str, keys: dict[Role, str]) -> None:
    tenant_id = await create_company(
        database,
        name,
        postal_address=f"{name}\n100 Ridge Road\nDenver, CO 80202",
        timezone="America/Denver",
        review_link=f"https://reviews.{domain}/write",
        calendar_link=f"https://calendar.{domain}/inspection",
        booking_link=f"https://book.{domain}/",
        from_email=f"hello@{domain}",
        from_name=name,
        sms_number="+13035550100",
    )
    async with database.transaction(person(tenant_id, tenant_id, Role.ADMIN)) as session:
        for number, (role, key) in enumerate(keys.items()):
            user = await create_user(
                session,
                email=f"{role}@{domain}",
                name=NAMES[role],
                role=role,
                password=PASSWORD,
                phone=f"+1303555011{number}",
            )
            await create_key(session, user, role, key)


async def main() -> None:
    """Seed the database of `DATABASE_URL`."""
    settings = Settings()
    if settings.is_production:
        raise SystemExit("Demo companies are for development; CAMPAIGNS_ENV says production.")
    database = Database(settings.database_url)
    await seed(database)
    await database.close()


if __name__ == "__main__":
    asyncio.run(main())
