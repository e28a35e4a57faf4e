"""Statements about what triggers match: the dates that came due, and what a paused campaign holds back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    and_,
    delete,
    false,
    func,
    literal,
    not_,
    null,
    or_,
    select,
    true,
    union,
    update,
)
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from db.condition_sql import compile_condition
from db.crm import newest_project
from db.due_dates import DateOf
from db.lists import among
from db.readings import folded
from db.session import Session
from db.tables import Campaign, CampaignTrigger, Contact, Project, TriggerMatch
from domain import condition_tree
from domain.conditions import parse_conditions
from domain.enums import CampaignStatus, EnrollmentType, TriggerType
from domain.triggers import SCOPES

MATCHES_KEPT = timedelta(days=90)
"""A round looks back a day, or to the last one: a date that was matched so long ago comes due no more."""

_FORGOTTEN_AT_ONCE = 5_000


@dataclass(frozen=True, slots=True)
class Match:
    """Whom a trigger has matched. `holds` is whether it still does, where it was held back."""

    id: UUID
    contact_id: UUID
    project_id: UUID | None
    event: dict[str, Any]
    holds: bool = True


async def tenants_with_triggers(gateway: AsyncSession) -> Sequence[UUID]:
    """The tenants that have dates to look at, or matches that are held back."""
    dates = select(CampaignTrigger.tenant_id).where(
        CampaignTrigger.trigger_type == TriggerType.TIME_BASED, CampaignTrigger.is_active
    )
    held = select(TriggerMatch.tenant_id).where(TriggerMatch.held)
    return (await gateway.scalars(union(dates, held))).all()


async def dated_triggers(session: Session) -> Sequence[tuple[UUID, UUID]]:
    """Campaign and id of the triggers that wait for a date, those that go first first."""
    rows = await session.execute(
        select(CampaignTrigger.campaign_id, CampaignTrigger.id)
        .join(Campaign, Campaign.id == CampaignTrigger.campaign_id)
        .where(
            CampaignTrigger.trigger_type == TriggerType.TIME_BASED,
            CampaignTrigger.is_active,
            Campaign.status.in_((CampaignStatus.ACTIVE, CampaignStatus.PAUSED)),
            Campaign.enrollment_type == EnrollmentType.AUTOMATIC,
            ~Campaign.is_deleted,
        )
        .order_by(CampaignTrigger.priority.desc(), CampaignTrigger.created_at, CampaignTrigger.id)
    )
    return [(campaign_id, trigger_id) for campaign_id, trigger_id in rows]


async def take_trigger(session: Session, trigger_id: UUID) -> CampaignTrigger | None:
    """A trigger that waits for a date, for this transaction alone; None if another has it, or it is off."""
    return await session.scalar(
        select(CampaignTrigger)
        .where(
            CampaignTrigger.id == trigger_id,
            CampaignTrigger.trigger_type == TriggerType.TIME_BASED,
            CampaignTrigger.is_active,
        )
        .with_for_update(skip_locked=True, key_share=True)
    )


async def match_due(
    session: Session,
    trigger: CampaignTrigger,
    zone: str,
    since: datetime,
    now: datetime,
    *,
    held: bool,
    limit: int,
) -> list[Match]:
    """Match those whose date comes due after `since` and by `now`, each once for each value of the date."""
    date = DateOf(trigger, zone)
    project = aliased(Project)
    matched_for = date.matched_for(project)
    columns = {
        "tenant_id": Contact.tenant_id,
        "campaign_id": literal(trigger.campaign_id),
        "trigger_id": literal(trigger.id),
        "contact_id": Contact.id,
        "project_id": project.id if date.of_project else null(),
        "matched_for": matched_for,
        "held": literal(held),
    }
    known = select(TriggerMatch.id).where(
        TriggerMatch.tenant_id == Contact.tenant_id,
        TriggerMatch.trigger_id == trigger.id,
        TriggerMatch.contact_id == Contact.id,
        TriggerMatch.matched_for == matched_for,
    )
    # The offset keeps this a look-up by index for each contact, however few matches the planner believes in.
    is_known = known.offset(0).exists()
    query = select(*columns.values()).select_from(Contact)
    if date.of_project:
        own = and_(project.tenant_id == Contact.tenant_id, project.contact_id == Contact.id)
        query = query.join(project, own)
    else:
        query = query.outerjoin(project, project.id == newest_project(Contact.id))
    query = query.where(
        ~Contact.is_deleted,
        date.due_between(project, since, now),
        _qualifies(trigger, now, project),
        ~is_known,
    ).limit(limit)
    rows = await session.execute(
        insert(TriggerMatch)
        .from_select(list(columns), query)
        .on_conflict_do_nothing()
        .returning(TriggerMatch.id, TriggerMatch.contact_id, TriggerMatch.project_id)
    )
    return [
        Match(match_id, contact_id, project_id, {}) for match_id, contact_id, project_id in rows
    ]


async def campaigns_that_hold(session: Session) -> Sequence[UUID]:
    """The active campaigns with matches that were held back while they were paused."""
    held = select(TriggerMatch.id).where(TriggerMatch.held, TriggerMatch.campaign_id == Campaign.id)
    rows = await session.scalars(
        select(Campaign.id).where(
            Campaign.status == CampaignStatus.ACTIVE, ~Campaign.is_deleted, held.exists()
        )
    )
    return rows.all()


async def held_matches(
    session: Session, trigger: CampaignTrigger, zone: str, now: datetime, limit: int
) -> list[Match]:
    """What was held back for a trigger, oldest first, for this transaction alone."""
    project, newest = aliased(Project), newest_project(Contact.id)
    holds = and_(
        literal(trigger.is_active),
        ~Contact.is_deleted,
        _is_still_so(trigger, zone, project),
        _qualifies(trigger, now, project, TriggerMatch.event),
    )
    rows = await session.execute(
        select(
            TriggerMatch.id,
            TriggerMatch.contact_id,
            TriggerMatch.project_id,
            TriggerMatch.event,
            func.coalesce(holds, false()),
        )
        .join(Contact, Contact.id == TriggerMatch.contact_id)
        .outerjoin(project, project.id == func.coalesce(TriggerMatch.project_id, newest))
        .where(TriggerMatch.held, TriggerMatch.trigger_id == trigger.id)
        .order_by(TriggerMatch.created_at, TriggerMatch.id)
        .limit(limit)
        .with_for_update(of=TriggerMatch, skip_locked=True, key_share=True)
    )
    return [Match(*row) for row in rows]


async def settle(session: Session, matches: Sequence[Match]) -> None:
    """Hold these back no more; those that do not hold are forgotten."""
    gone = [match.id for match in matches if not match.holds]
    await session.execute(delete(TriggerMatch).where(among(TriggerMatch.id, gone)))
    await session.execute(
        update(TriggerMatch)
        .where(among(TriggerMatch.id, [match.id for match in matches]))
        .values(held=False),
        execution_options={"synchronize_session": False},
    )


async def forget_archived(session: Session) -> None:
    """Forget what was held back for campaigns that will not go on."""
    ended = select(Campaign.id).where(
        or_(Campaign.status == CampaignStatus.ARCHIVED, Campaign.is_deleted)
    )
    await session.execute(
        delete(TriggerMatch).where(TriggerMatch.held, TriggerMatch.campaign_id.in_(ended)),
        execution_options={"synchronize_session": False},
    )


async def forget_old_matches(session: Session) -> None:
    """Forget some of those that have had their effect long ago."""
    old = (
        select(TriggerMatch.id)
        .where(
            TriggerMatch.tenant_id == session.scope.tenant_id,
            ~TriggerMatch.held,
            TriggerMatch.created_at < func.now() - MATCHES_KEPT,
        )
        .order_by(TriggerMatch.created_at)
        .limit(_FORGOTTEN_AT_ONCE)
    )
    await session.execute(
        delete(TriggerMatch).where(TriggerMatch.id.in_(old)),
        execution_options={"synchronize_session": False},
    )


def _qualifies(
    trigger: CampaignTrigger,
    now: datetime,
    project: type[Project],
    event: Any = None,  # noqa: ANN401 — any expression of jsonb
) -> ColumnElement[bool]:
    """Whether the trigger's conditions hold; without exclusions nobody is excluded."""
    conditions: list[ColumnElement[bool]] = [true()]
    if trigger.enrollment_conditions:
        wanted = parse_conditions(trigger.enrollment_conditions, SCOPES)
        conditions.append(compile_condition(wanted, now, project=project, event=event))
    if trigger.exclusion_conditions:
        excluded = parse_conditions(trigger.exclusion_conditions, SCOPES)
        conditions.append(not_(compile_condition(excluded, now, project=project, event=event)))
    return and_(*conditions)


def _is_still_so(
    trigger: CampaignTrigger, zone: str, project: type[Project]
) -> ColumnElement[bool]:
    """Whether what a trigger has matched is as it was: the stage, the date. An event stays one."""
    config = trigger.trigger_config
    match trigger.trigger_type:
        case TriggerType.STAGE_CHANGE:
            entity = Contact if config["entity_type"] == "contact" else project
            return folded(entity.stage) == condition_tree.folded(config["to_stage"])
        case TriggerType.TIME_BASED:
            return DateOf(trigger, zone).matched_for(project) == TriggerMatch.matched_for
        case _:
            return true()
