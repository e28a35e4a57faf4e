"""Statements that carry out what events mean to the enrollments of their contacts."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, DateTime, Text, Uuid, bindparam, exists, func, select, text, update
from sqlalchemy.dialects.postgresql import distinct_on, insert

from db.endings import end_all
from db.enrollments import LIVE
from db.lists import among
from db.session import Session
from db.tables import Campaign, CampaignTrigger, Contact, Enrollment, Project, TriggerMatch
from domain.enums import (
    CampaignStatus,
    EnrollmentType,
    ExitReason,
    GoalType,
    TriggerType,
)


async def end_by_goal(
    session: Session, goal: GoalType, contact_ids: Sequence[UUID], now: datetime
) -> list[UUID]:
    """These contacts have reached what campaigns with that goal are for."""
    has_goal = exists().where(Campaign.id == Enrollment.campaign_id, Campaign.goal_type == goal)
    return await end_all(
        session,
        among(Enrollment.contact_id, contact_ids) & has_goal,
        ExitReason.GOAL_ACHIEVED,
        now,
        goal_achieved=True,
        goal_achieved_at=now,
    )


async def note_replies(session: Session, contact_ids: Sequence[UUID], now: datetime) -> None:
    """Let conditions see, in enrollments that go on, that the contact has replied."""
    await session.execute(
        update(Enrollment)
        .where(
            among(Enrollment.contact_id, contact_ids),
            Enrollment.status.in_(LIVE),
            Enrollment.replied_at.is_(None),
        )
        .values(replied_at=now)
        .execution_options(synchronize_session=False)
    )


async def end_by_reply(session: Session, contact_ids: Sequence[UUID], now: datetime) -> list[UUID]:
    """These contacts have replied, and a person takes over."""
    exits = exists().where(Campaign.id == Enrollment.campaign_id, Campaign.exit_on_reply)
    which = among(Enrollment.contact_id, contact_ids) & exits
    return await end_all(session, which, ExitReason.REPLIED, now)


async def exit_stages(session: Session) -> Mapping[UUID, Sequence[str]]:
    """The stages that end a campaign's enrollments, for each campaign that has some."""
    rows = await session.execute(
        select(Campaign.id, Campaign.exit_on_stages).where(
            func.cardinality(Campaign.exit_on_stages) > 0
        )
    )
    return {row.id: row.exit_on_stages for row in rows}


async def end_by_stage(
    session: Session, campaign_ids: Sequence[UUID], contact_id: UUID, now: datetime
) -> list[UUID]:
    """The contact has come to a stage that ends these campaigns for it."""
    which = (Enrollment.contact_id == contact_id) & among(Enrollment.campaign_id, campaign_ids)
    return await end_all(session, which, ExitReason.STAGE_CHANGED, now)


_ARRIVE = text(
    """
    with heard as (
        select contact_id, event_name, event::jsonb as event
        from unnest(:contact_ids, :names, :events) as heard (contact_id, event_name, event)
    ),
    waiting as (
        select e.id, x.id as execution_id, heard.event
        from heard
        join campaign_enrollments e on e.contact_id = heard.contact_id and e.status in ('active', 'paused')
        join campaign_step_executions x
            on x.enrollment_id = e.id and x.visit = e.visit and x.step_type = 'wait'
            and x.status in ('pending', 'running') and x.result_data is null
        join campaign_steps s
            on s.id = e.current_step_id and s.step_config -> 'until' ->> 'event' = heard.event_name
            -- One whose delay has passed waits, though no worker has come to it yet.
            and (x.status = 'running' or s.delay_value = 0 or x.scheduled_at <= :now)
        order by e.id for no key update of e
    ),
    arrived as (
        update campaign_step_executions x set result_data = waiting.event
        from waiting where x.id = waiting.execution_id
    )
    update campaign_enrollments e set event = waiting.event, refresh_requested_at = now()
    from waiting where e.id = waiting.id
    returning e.id
    """
).bindparams(
    bindparam("contact_ids", type_=ARRAY(Uuid)),
    bindparam("names", type_=ARRAY(Text)),
    bindparam("events", type_=ARRAY(Text)),
    bindparam("now", type_=DateTime(timezone=True)),
)


async def note_arrivals(
    session: Session, heard: Sequence[tuple[UUID, str, Mapping[str, Any]]], now: datetime
) -> list[UUID]:
    """What these contacts' enrollments wait for has come: (contact, name, event). Who is to look again."""
    rows = await session.execute(
        _ARRIVE,
        {
            "contact_ids": [contact_id for contact_id, _, _ in heard],
            "names": [name for _, name, _ in heard],
            "events": [json.dumps(event) for _, _, event in heard],
            "now": now,
        },
    )
    return [row.id for row in rows]


async def listening_triggers(
    session: Session,
) -> Sequence[tuple[CampaignTrigger, CampaignStatus]]:
    """Triggers that listen to events, those that go first at the front, and their campaigns' status."""
    rows = await session.execute(
        select(CampaignTrigger, Campaign.status)
        .join(Campaign, Campaign.id == CampaignTrigger.campaign_id)
        .where(
            CampaignTrigger.is_active,
            CampaignTrigger.trigger_type.in_((TriggerType.STAGE_CHANGE, TriggerType.EVENT)),
            Campaign.status.in_((CampaignStatus.ACTIVE, CampaignStatus.PAUSED)),
            Campaign.enrollment_type == EnrollmentType.AUTOMATIC,
            ~Campaign.is_deleted,
        )
        .order_by(CampaignTrigger.priority.desc(), CampaignTrigger.created_at, CampaignTrigger.id)
    )
    return [(trigger, CampaignStatus(status)) for trigger, status in rows]


async def contacts_with_projects(
    session: Session, project_ids: Mapping[UUID, UUID | None]
) -> dict[UUID, tuple[Contact, Project | None]]:
    """These contacts, by id, each with the project that is named for it, else with its newest.

    Deleted contacts are left out.
    """
    contact_ids = list(project_ids)
    contacts = await session.scalars(
        select(Contact).where(among(Contact.id, contact_ids), ~Contact.is_deleted)
    )
    named = [project_id for project_id in project_ids.values() if project_id]
    projects = await session.scalars(
        select(Project)
        .where(among(Project.contact_id, contact_ids))
        .ext(distinct_on(Project.contact_id))
        .order_by(
            Project.contact_id,
            among(Project.id, named).desc(),
            Project.created_at.desc(),
            Project.id.desc(),
        )
    )
    of_contact = {project.contact_id: project for project in projects}
    return {contact.id: (contact, of_contact.get(contact.id)) for contact in contacts}


async def hold_matches(session: Session, matches: Sequence[Mapping[str, Any]]) -> None:
    """Keep for later whom a trigger has matched while its campaign is paused."""
    tenant_id = session.scope.tenant_id
    await session.execute(
        insert(TriggerMatch).on_conflict_do_nothing(),
        [{**match, "tenant_id": tenant_id, "held": True} for match in matches],
    )
