"""Ten thousand events at once: none is lost, none counts twice, and another company does not wait for them."""

from sqlalchemy import text

from db.session import engine
from tests.engine.events import FAR, add_trigger, enrolled, send_event
from tests.world import EMAIL, World, create_world, eventually

CONTACTS, EACH = 500, 20

_CONTACTS = text(
    """
    insert into contacts (tenant_id, first_name)
    select app_tenant(), 'Ann' from generate_series(1, :contacts)
    """
)
_BURST = text(
    """
    insert into events (tenant_id, contact_id, event_name, properties)
    select app_tenant(), id, 'storm_reported', jsonb_build_object('number', number)
    from contacts cross join generate_series(1, :each) number
    """
)


async def test_burst_is_processed_whole_and_enrolls_each_contact_once(world: World) -> None:
    campaign = await world.create_campaign({**EMAIL, **FAR})
    await add_trigger(
        world, campaign, "event", event_name="storm_reported", event_filters={"number": EACH}
    )
    other = await create_world(world.admin.http, world.temporal, world.sandbox, world.database)
    other_campaign = await other.create_campaign({**EMAIL, **FAR})
    await add_trigger(other, other_campaign, "event", event_name="storm_reported")
    stranger = await other.create_contact()

    async with world.database.transaction(engine(world.tenant_id)) as session:
        await session.execute(_CONTACTS, {"contacts": CONTACTS})
        await session.execute(_BURST, {"each": EACH})

    await send_event(other, stranger, "storm_reported")
    await enrolled(other, other_campaign, stranger)

    async def all_are_processed() -> bool:
        async with world.database.transaction(engine(world.tenant_id)) as session:
            rows = await session.execute(
                text(
                    "select count(*) filter (where processed_at is not null) done, count(error) failed"
                    " from events where event_name = 'storm_reported'"
                )
            )
        done, failed = rows.one()
        assert failed == 0
        return bool(done == CONTACTS * EACH)

    await eventually(all_are_processed, seconds=120)
    answer = await world.admin.get(f"/campaigns/{campaign['id']}/enrollments", limit=1)
    assert answer["total"] == CONTACTS
