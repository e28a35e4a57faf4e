"""Statements of test runs: a stand-in for a contact, and what is known of it. All of it is rolled back."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlalchemy import Uuid, insert, literal, select
from sqlalchemy.orm.attributes import set_committed_value

from db.crm import newest_project
from db.session import Session
from db.situations import Situation, situations_of
from db.tables import Contact, Enrollment, Event, Execution, Project
from domain.enums import CampaignStatus
from domain.flow import Flow


async def insert_stand_in(session: Session, contact_id: UUID) -> UUID | None:
    """A copy of a contact with its newest project; None if there is no such contact.

    Nobody else waits for what happens to it, nor does it wait for anybody: the contact itself may be on its
    way through the campaign at this moment.
    """
    original = select(*_without(Contact, "id")).where(Contact.id == contact_id, ~Contact.is_deleted)
    names = [column.key for column in _without(Contact, "id")]
    stand_in: UUID | None = await session.scalar(
        insert(Contact).from_select(names, original).returning(Contact.id)
    )
    if stand_in is None:
        return None
    columns = _without(Project, "id", "contact_id")
    newest = (
        select(literal(stand_in, Uuid), *columns)
        .join(Contact, Contact.id == Project.contact_id)
        .where(Contact.id == contact_id, Project.id == newest_project(Contact.id))
    )
    names = ["contact_id", *(column.key for column in columns)]
    await session.execute(insert(Project).from_select(names, newest))
    return stand_in


async def read_afresh(session: Session, enrollment_id: UUID, flow: Flow) -> Situation:
    """The enrollment and what surrounds it, as the statements of this transaction have left it.

    Whatever the status of its campaign is: it runs, and by the steps that it had at the beginning.
    """
    await session.flush()
    session.expunge_all()
    enrollment = await session.get_one(Enrollment, enrollment_id)
    (situation,) = await situations_of(session, [enrollment], {enrollment.campaign_id: flow})
    # In the row it would take a lock that those wait for who pause the campaign.
    set_committed_value(situation.campaign, "status", CampaignStatus.ACTIVE)
    return situation


async def after_step(session: Session, situation: Situation) -> Situation:
    """What `read_afresh` finds after a step that has changed nothing but the enrollment and its executions."""
    enrollment, before = situation.enrollment, situation.execution
    now = await session.scalar(
        select(Execution).where(
            Execution.enrollment_id == enrollment.id, Execution.visit == enrollment.visit
        )
    )
    done = {before.step_id} if before and before.completed_at else set()
    return replace(situation, execution=now, done=situation.done | done)


async def unheard_events(session: Session, contact_id: UUID) -> Sequence[Event]:
    """What has happened to the contact, and has had no effect yet, in its order."""
    rows = await session.scalars(
        select(Event)
        .where(Event.contact_id == contact_id, Event.processed_at.is_(None))
        .order_by(Event.number)
    )
    return rows.all()


def _without(table: type[Contact] | type[Project], *names: str) -> list[Any]:
    return [column for column in table.__table__.columns if column.key not in names]
