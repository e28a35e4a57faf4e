"""Forgetting, a little each hour, what nobody will ask for any more."""

from db.accounts import forget_old_account_mails, forget_old_links
from db.alerts import forget_old_alerts
from db.company import all_tenants
from db.events import forget_old_events
from db.feedback import forget_old_receipts
from db.idempotency import forget_old_keys
from db.session import Database, engine
from db.test_messages import forget_old_test_messages
from db.trigger_matches import forget_old_matches
from services.isolation import one_failure_is_one

_FORGET = (
    forget_old_keys,
    forget_old_receipts,
    forget_old_events,
    forget_old_matches,
    forget_old_alerts,
    forget_old_test_messages,
    forget_old_links,
    forget_old_account_mails,
)


async def keep_house(database: Database) -> None:
    """Go through all tenants once."""
    async with database.gateway() as gateway:
        tenants = await all_tenants(gateway)
    for tenant_id in tenants:
        with one_failure_is_one(tenant=tenant_id):
            async with database.transaction(engine(tenant_id)) as session:
                for forget in _FORGET:
                    await forget(session)
