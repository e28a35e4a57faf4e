"""The caps that a company sets on messages of campaigns: its own of a day, and that of each contact.

They are asked in the transaction of the claim, for each attempt. The place that a message takes in the company's day
is given back as soon as it is known that the attempt sent nothing: the gate was closed, the provider did not take it,
now or ever. So a message counts once however often it is tried, and what is skipped or put off afterwards uses up
nothing. What may have gone out keeps its place, and is not held back any more.
"""

from datetime import date
from zoneinfo import ZoneInfo

from db.caps import MESSAGES, messages_of_contact, take_place
from domain.caps import Hold, day_bounds, day_of, hold_by_company, hold_by_contact
from domain.enums import AlertKind
from services.alerts import raise_alert
from services.walk import Walk


async def hold(walk: Walk) -> Hold | None:
    """What keeps a message that is due from going out today; None if it may, and its places are taken."""
    if walk.execution.is_in_doubt:
        return None
    return await _hold_by_contact(walk) or await _hold_by_company(walk)


def counted_on(walk: Walk) -> date | None:
    """The day of the company towards whose cap the walk's message counts; None where nothing is counted."""
    tenant = walk.situation.tenant
    if tenant.daily_send_cap is None or walk.execution.step_type not in MESSAGES:
        return None
    return day_of(walk.now, ZoneInfo(tenant.timezone))


async def _hold_by_contact(walk: Walk) -> Hold | None:
    """A campaign of higher priority goes first; among equals, whoever comes first."""
    situation, now, zone = walk.situation, walk.now, walk.schedule.zone
    cap = situation.tenant.contact_daily_cap
    if cap is None:
        return None
    sent, ahead = await messages_of_contact(
        walk.session,
        situation.contact.id,
        day_bounds(now, zone),
        situation.campaign.priority,
    )
    return hold_by_contact(cap, sent, ahead, now, zone)


async def _hold_by_company(walk: Walk) -> Hold | None:
    tenant, day = walk.situation.tenant, counted_on(walk)
    cap = tenant.daily_send_cap
    if cap is None or day is None or await take_place(walk.session, day, cap):
        return None
    await raise_alert(
        walk.session,
        AlertKind.CAP_REACHED,
        campaign=None,
        title="The messages of the day are sent",
        message=f"Campaigns have sent as many messages as the settings allow in a day ({cap}) on "
        f"{day:%a %d %b %Y}. What else is due waits for the next day.",
    )
    return hold_by_company(cap, walk.now, ZoneInfo(tenant.timezone))
