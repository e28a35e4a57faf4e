"""What enrolls contacts into a campaign by itself, as people write it.

A trigger does not reach back: it takes what happens, and the dates that come due, from the moment on at which it was
switched on, in a campaign that was started.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from db import rows
from db.session import Session
from db.tables import CampaignTrigger
from db.triggers import begin_now, count_triggers
from domain.conditions import parse_conditions
from domain.enums import EnrollmentType, TriggerType
from domain.errors import Conflict, FieldProblem, Invalid, NotFound
from domain.triggers import SCOPES, check_config
from services.building import building

MAX_TRIGGERS = 100
"""Of one campaign: each is looked at for each event."""

_CONDITIONS = ("enrollment_conditions", "exclusion_conditions")
_KIND = ("trigger_type", "trigger_config")


async def add(session: Session, campaign_id: UUID, values: Mapping[str, Any]) -> CampaignTrigger:
    """Add a trigger.

    Raises:
        Invalid: each error names its field.
        Conflict: `campaign_archived`, `too_many_triggers`.
    """
    campaign = await building(session, campaign_id)
    checked = check(campaign.enrollment_type, values, values)
    if await count_triggers(session, campaign_id) >= MAX_TRIGGERS:
        detail = f"A campaign has at most {MAX_TRIGGERS} triggers."
        raise Conflict("too_many_triggers", detail)
    return await rows.add(session, CampaignTrigger, {**checked, "campaign_id": campaign_id})


async def change(
    session: Session, campaign_id: UUID, trigger_id: UUID, values: Mapping[str, Any]
) -> CampaignTrigger:
    """Change a trigger.

    Raises:
        Invalid: each error names its field.
        Conflict: `campaign_archived`.
        NotFound: the campaign has no such trigger.
    """
    campaign = await building(session, campaign_id)
    trigger = await _find(session, campaign_id, trigger_id)
    before = {name: getattr(trigger, name) for name in (*_KIND, "is_active")}
    checked = check(campaign.enrollment_type, values, {**before, **values})
    if _begins_anew(before, {**before, **checked}):
        await begin_now(session, campaign_id, trigger_id)
    return await rows.change(session, CampaignTrigger, trigger_id, checked)


async def remove(session: Session, campaign_id: UUID, trigger_id: UUID) -> None:
    """Delete a trigger; whom it has enrolled stays enrolled. Raises what `change` raises."""
    await building(session, campaign_id)
    await session.delete(await _find(session, campaign_id, trigger_id))


def check(
    enrollment_type: str, values: Mapping[str, Any], trigger: Mapping[str, Any]
) -> dict[str, Any]:
    """The values as they are stored; `trigger` is the whole that they make.

    Raises:
        Invalid: each error names its field.
    """
    checked = dict(values)
    errors: list[FieldProblem] = []
    if not values.keys().isdisjoint(_KIND):
        trigger_type = TriggerType(trigger["trigger_type"])
        try:
            checked["trigger_config"] = check_config(trigger_type, trigger["trigger_config"])
        except Invalid as error:
            errors += error.under("trigger_config").errors
        by_hand = enrollment_type == EnrollmentType.MANUAL
        if by_hand and trigger_type is not TriggerType.MANUAL:
            message = "must be manual: the campaign's enrollment_type is"
            errors.append(FieldProblem(("trigger_type",), message))
    for name in _CONDITIONS:
        if values.get(name) is not None:
            try:
                parse_conditions(values[name], SCOPES)
            except Invalid as error:
                errors += error.under(name).errors
    if errors:
        raise Invalid(*errors)
    return checked


def _begins_anew(before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    """Whether it takes nothing of what went before.

    New filters do not make a trigger anew: events may be queued that it took before and takes still.
    """
    if after["is_active"] and not before["is_active"]:
        return True
    kind = "trigger_config" if after["trigger_type"] == TriggerType.TIME_BASED else "trigger_type"
    return any(before[name] != after[name] for name in ("trigger_type", kind))


async def _find(session: Session, campaign_id: UUID, trigger_id: UUID) -> CampaignTrigger:
    trigger = await session.get(CampaignTrigger, trigger_id)
    if trigger is None or trigger.campaign_id != campaign_id:
        raise NotFound("There is no such trigger in this campaign.")
    return trigger
