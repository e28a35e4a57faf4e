"""The caps on messages of campaigns: the law's on texts, and those that a company sets, of a day and of each contact.

They are asked in the transaction of the claim, for each attempt. The place that a message takes in the company's day
is given back as soon as it is known that the attempt sent nothing: the gate was closed, the provider did not take it,
now or ever. So a message counts once however often it is tried, and what is skipped or put off afterwards uses up
nothing. What may have gone out keeps its place, and is not held back any more.
"""

from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from db.caps import MESSAGES, hold_contact, messages_of_contact, take_place
from db.sends import hold_number, texts_of_campaigns
from domain import text_cap
from domain.caps import Hold, day_bounds, day_of, hold_by_company, hold_by_contact
from domain.enums import AlertKind, StepType
from services.alerts import raise_alert
from services.walk import Walk


async def hold(walk: Walk) -> Hold | None:
    """What keeps a message that is due from going out today; None if it may, and its places are taken."""
    if walk.execution.is_in_doubt:
        return None
    contact_id = walk.situation.contact.id
    if walk.situation.tenant.contact_daily_cap is not None:
        await hold_contact(walk.session, contact_id)
    return await _hold_by_contact(walk, contact_id) or await _hold_by_company(walk)


async def hold_by_law(walk: Walk) -> Hold | None:
    """What keeps a text that is due from going out now: whoever has had all of 24 hours waits for the next one."""
    if phone := walk.situation.contact.phone:
        await hold_number(walk.session, phone)
    return await _hold_by_law(walk)


async def foresee(walk: Walk, stands_for: UUID | None) -> Hold | None:
    """What would keep a message from going out at that time, as far as it can be known; holds up nobody.

    Not so the company's own cap: nobody knows what else it will send on that day. `stands_for` is another
    contact whose messages count as well.
    """
    by_law = None
    if walk.execution.step_type == StepType.SEND_SMS:
        by_law = await _hold_by_law(walk)
    contact_ids = [walk.situation.contact.id, *([stands_for] if stands_for else [])]
    return by_law or await _hold_by_contact(walk, *contact_ids)


def counted_on(walk: Walk) -> date | None:
    """The day of the company towards whose cap the walk's message counts; None where nothing is counted."""
    tenant = walk.situation.tenant
    if tenant.daily_send_cap is None or walk.execution.step_type not in MESSAGES:
        return None
    return day_of(walk.now, ZoneInfo(tenant.timezone))


async def _hold_by_law(walk: Walk) -> Hold | None:
    phone, now = walk.situation.contact.phone, walk.now
    if phone is None:
        return None
    sent = await texts_of_campaigns(
        walk.session, phone, now - text_cap.PERIOD, now, other_than=walk.execution.id
    )
    until = text_cap.next_allowed(sent)
    return Hold(until, f"{text_cap.MOST} texts in 24 hours reached") if until else None


async def _hold_by_contact(walk: Walk, *contact_ids: UUID) -> Hold | None:
    """A campaign of higher priority goes first; among equals, whoever comes first."""
    situation, now, zone = walk.situation, walk.now, walk.schedule.zone
    cap = situation.tenant.contact_daily_cap
    if cap is None:
        return None
    sent, ahead = await messages_of_contact(
        walk.session,
        contact_ids,
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
