"""Adding up anew what reports show, from the rows: `python -m services.rollup [TENANT_ID ...]`.

Each company in a transaction of its own, while its campaigns go on. What the product does is counted as it happens;
this is for when rows were changed with the triggers off, as a restore of single tables does.
"""

import argparse
import asyncio
from collections.abc import Sequence
from uuid import UUID

import structlog

from db.company import all_tenants
from db.rollup import fold_analytics, rebuild_analytics, tenants_with_notes
from db.session import Database, engine
from services.isolation import one_failure_is_one
from services.logs import configure_logs
from services.settings import Settings

_log = structlog.get_logger(__name__)


async def fold(database: Database) -> Sequence[UUID]:
    """Fold in what is noted, of all companies; of which of them there was something."""
    async with database.gateway() as gateway:
        tenants = await tenants_with_notes(gateway)
    for tenant_id in tenants:
        with one_failure_is_one(tenant=tenant_id):
            async with database.transaction(engine(tenant_id)) as session:
                await fold_analytics(session)
    return tenants


async def rebuild(database: Database, tenants: Sequence[UUID] = ()) -> None:
    """Add it all up anew, of these companies or of all."""
    if not tenants:
        async with database.gateway() as gateway:
            tenants = await all_tenants(gateway)
    for tenant_id in tenants:
        async with database.transaction(engine(tenant_id)) as session:
            await rebuild_analytics(session)
        _log.info("added up anew", tenant=str(tenant_id))


async def main() -> None:
    """Rebuild what the command line names."""
    configure_logs()
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("tenants", nargs="*", type=UUID, metavar="TENANT_ID")
    tenants = parser.parse_args().tenants
    database = Database(Settings().database_url)
    await rebuild(database, tenants)
    await database.close()


if __name__ == "__main__":
    asyncio.run(main())
