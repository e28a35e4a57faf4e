"""Companies with caps, in whose zone it is noon, and what is read of those whom the caps hold back."""

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import text

from db.session import engine
from tests.engine.helpers import at
from tests.world import EMAIL, Json, World, noon_zone


async def cap(world: World, **caps: int | None) -> None:
    """Set `daily_send_cap` and `contact_daily_cap`; the day is young, and the legal hours are open."""
    await world.admin.patch("/settings", {"timezone": noon_zone(), **caps})


async def start(world: World, *steps: Json, contact: Json | None = None, **campaign: Any) -> Json:
    """Somebody in a campaign of these steps, an e-mail if none are given."""
    created = await world.create_campaign(*(steps or (EMAIL,)), **campaign)
    return await world.enroll(created, contact or await world.create_contact(timezone=noon_zone()))


async def held_back(world: World, enrollment: Json, *, days: int = 1, hour: int = 0) -> Json:
    """The enrollment, once it waits for an hour of a later day of the company: tomorrow's midnight."""
    zone = ZoneInfo(noon_zone())
    then = datetime.combine(datetime.now(zone) + timedelta(days=days), time(hour), zone)
    return await world.until(
        enrollment, lambda now: at(now["next_step_scheduled_at"] or now["enrolled_at"]) == then
    )


async def counts(world: World) -> dict[date, int]:
    """What counts towards the company's cap, by its day."""
    async with world.database.transaction(engine(world.tenant_id)) as session:
        rows = await session.execute(text("select day, sent from daily_sends"))
        return {row.day: row.sent for row in rows}


async def count_of_today(world: World) -> int:
    """What counts towards the cap of this day."""
    return (await counts(world)).get(datetime.now(ZoneInfo(noon_zone())).date(), 0)
