"""Statements about what campaigns bring in."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select, update

from db.enrollments import LIVE
from db.session import Session
from db.tables import Attribution, Campaign, Enrollment, Execution, Project
from domain.enums import ExecutionStatus, GoalType, StepType

_MESSAGES = (StepType.SEND_EMAIL, StepType.SEND_SMS)


async def last_touch(
    session: Session, contact_id: UUID, *, after: datetime, until: datetime | None
) -> Enrollment | None:
    """The enrollment whose message reached the contact last, in the window; `until` None: any later one."""
    query = (
        select(Enrollment)
        .join(Execution, Execution.enrollment_id == Enrollment.id)
        .where(
            Enrollment.contact_id == contact_id,
            Execution.step_type.in_(_MESSAGES),
            Execution.status == ExecutionStatus.COMPLETED,
            Execution.bounced_at.is_(None),
            Execution.completed_at > after,
        )
        .order_by(Execution.completed_at.desc())
        .limit(1)
    )
    if until:
        query = query.where(Execution.completed_at <= until)
    return await session.scalar(query)


async def only_project(session: Session, contact_id: UUID) -> UUID | None:
    """The contact's project, if it has one and no other."""
    rows = await session.scalars(
        select(Project.id).where(Project.contact_id == contact_id).limit(2)
    )
    found = rows.all()
    return found[0] if len(found) == 1 else None


async def attributions_of(
    session: Session, contact_id: UUID, project_id: UUID | None
) -> Sequence[Attribution]:
    """What is attributed to a contact, of one project or of none in particular, the latest first."""
    query = select(Attribution).where(Attribution.contact_id == contact_id)
    if project_id:
        query = query.where(Attribution.project_id == project_id)
    rows = await session.scalars(
        query.order_by(Attribution.created_at.desc(), Attribution.amount, Attribution.id)
    )
    return rows.all()


async def add_attribution(session: Session, values: Mapping[str, Any]) -> None:
    """An amount, also in the sum that its enrollment keeps."""
    await session.execute(insert(Attribution).values(**values, tenant_id=session.scope.tenant_id))
    await session.execute(
        update(Enrollment)
        .where(Enrollment.id == values["enrollment_id"])
        .values(revenue_attributed=Enrollment.revenue_attributed + Decimal(values["amount"]))
        .execution_options(synchronize_session=False)
    )


async def credit_goal(session: Session, enrollment_id: UUID, goal: GoalType, now: datetime) -> None:
    """Who left a campaign and reached its goal afterwards counts as one who reached it."""
    has_goal = (
        select(Campaign.id)
        .where(Campaign.id == Enrollment.campaign_id, Campaign.goal_type == goal)
        .exists()
    )
    await session.execute(
        update(Enrollment)
        .where(
            Enrollment.id == enrollment_id,
            Enrollment.status.not_in(LIVE),
            ~Enrollment.goal_achieved,
            has_goal,
        )
        .values(goal_achieved=True, goal_achieved_at=now)
        .execution_options(synchronize_session=False)
    )
