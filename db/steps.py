"""Steps: reading a campaign's flow, and keeping the order of its lists.

The steps that are there count 1, 2, 3, unless somebody asked for a higher place. A deleted one keeps a place between
them: it has the order of the step before it, 0 where there is none, so that whoever waited at it goes on with what came
next.
"""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select, update

from db.enrollments import LIVE, in_turn
from db.lists import among
from db.session import Session
from db.tables import Campaign, CampaignStep, Enrollment
from domain.enums import (
    Branch,
    CampaignStatus,
    DelayUnit,
    EnrollmentStatus,
    OnFailure,
    StepType,
)
from domain.flow import Flow, Step


def rule_step(row: CampaignStep) -> Step:
    """A row as the rules see it."""
    return Step(
        id=row.id,
        step_type=StepType(row.step_type),
        step_order=row.step_order,
        step_config=row.step_config,
        parent_step_id=row.parent_step_id,
        branch=Branch(row.branch) if row.branch else None,
        delay_value=row.delay_value,
        delay_unit=DelayUnit(row.delay_unit),
        conditions=row.conditions,
        true_path_step_id=row.true_path_step_id,
        false_path_step_id=row.false_path_step_id,
        on_failure=OnFailure(row.on_failure),
        is_deleted=row.is_deleted,
        winner=row.winner,
    )


async def flow_of(session: Session, campaign_id: UUID) -> Flow:
    """The steps of a campaign, the deleted ones that keep a place included."""
    rows = await session.scalars(
        select(CampaignStep).where(CampaignStep.campaign_id == campaign_id)
    )
    return Flow(tuple(rule_step(row) for row in rows))


async def steps_on_zone_of_tenant(session: Session) -> list[Step]:
    """The steps of all campaigns in which enrollments may wait, and which name no zone of their own."""
    zone = Campaign.business_hours["timezone"].astext
    rows = await session.scalars(
        select(CampaignStep)
        .join(Campaign, Campaign.id == CampaignStep.campaign_id)
        .where(
            Campaign.status.in_((CampaignStatus.ACTIVE, CampaignStatus.PAUSED)),
            # Contacts whose zone nobody knows are in the tenant's.
            or_(zone.is_(None), zone == "contact"),
            ~CampaignStep.is_deleted,
        )
    )
    return [rule_step(row) for row in rows]


async def live_steps(session: Session, campaign_id: UUID) -> Sequence[CampaignStep]:
    """The steps as people see them: the trunk and each branch in order."""
    rows = await session.scalars(
        select(CampaignStep)
        .where(CampaignStep.campaign_id == campaign_id, ~CampaignStep.is_deleted)
        .order_by(
            CampaignStep.parent_step_id.nulls_first(),
            CampaignStep.branch.desc(),
            CampaignStep.step_order,
            CampaignStep.created_at,
        )
    )
    return rows.all()


async def all_steps(session: Session, campaign_id: UUID) -> Sequence[CampaignStep]:
    """The steps with the deleted ones, in the order of their places."""
    rows = await session.scalars(
        select(CampaignStep)
        .where(CampaignStep.campaign_id == campaign_id)
        .order_by(CampaignStep.step_order, CampaignStep.is_deleted)
    )
    return rows.all()


async def make_room(
    session: Session,
    campaign_id: UUID,
    parent_step_id: UUID | None,
    branch: str | None,
    step_order: int,
) -> None:
    """Move the steps of a list from `step_order` on by one, if that place is taken."""
    same_list = _list_of(campaign_id, parent_step_id, branch)
    taken = (
        select(CampaignStep.id)
        .where(*same_list, CampaignStep.step_order == step_order, ~CampaignStep.is_deleted)
        .exists()
    )
    await session.execute(
        update(CampaignStep)
        .where(*same_list, CampaignStep.step_order >= step_order, taken)
        .values(step_order=CampaignStep.step_order + 1)
    )


async def move_within(session: Session, step: CampaignStep, step_order: int) -> None:
    """Move the steps between a step's old place and its new one in the same list."""
    up = step_order < step.step_order
    between = (
        CampaignStep.step_order.between(step_order, step.step_order - 1)
        if up
        else _behind(step.step_order) & (CampaignStep.step_order <= step_order)
    )
    same_list = _list_of(step.campaign_id, step.parent_step_id, step.branch)
    await session.execute(
        update(CampaignStep)
        .where(*same_list, between)
        .values(step_order=CampaignStep.step_order + (1 if up else -1))
    )


async def next_order(
    session: Session, campaign_id: UUID, parent_step_id: UUID | None, branch: str | None
) -> int:
    """The place after the last step of a list, a deleted one included."""
    last = await session.scalar(
        select(func.max(CampaignStep.step_order)).where(
            *_list_of(campaign_id, parent_step_id, branch)
        )
    )
    return (last or 0) + 1


async def close_gap(
    session: Session,
    campaign_id: UUID,
    parent_step_id: UUID | None,
    branch: str | None,
    step_order: int,
) -> None:
    """Move what comes after the place that a step has left up by one."""
    await session.execute(
        update(CampaignStep)
        .where(*_list_of(campaign_id, parent_step_id, branch), _behind(step_order))
        .values(step_order=CampaignStep.step_order - 1)
    )


async def delete_steps(session: Session, step_ids: Sequence[UUID]) -> None:
    """Take steps out of sight."""
    await session.execute(
        update(CampaignStep)
        .where(CampaignStep.id.in_(step_ids))
        .values(is_deleted=True, updated_at=func.now())
    )


async def tell_positions(session: Session, before: Flow, now: Flow) -> None:
    """Let those who wait know the new orders of their steps."""
    orders = {step.id: step.step_order for step in before.steps}
    moved = [step.id for step in now.live if orders.get(step.id) != step.step_order]
    held = in_turn(
        select(Enrollment.id, CampaignStep.step_order)
        .join(CampaignStep, CampaignStep.id == Enrollment.current_step_id)
        .where(among(Enrollment.current_step_id, moved), Enrollment.status.in_(LIVE))
    ).cte("held")
    await session.execute(
        update(Enrollment)
        .where(Enrollment.id == held.c.id)
        .values(current_step_order=held.c.step_order)
        .execution_options(synchronize_session=False)
    )


async def count_waiting(session: Session, step_ids: Sequence[UUID]) -> Mapping[UUID, int]:
    """How many enrollments wait at each of these steps; one at which nobody does is left out."""
    rows = await session.execute(
        select(Enrollment.current_step_id, func.count())
        .where(among(Enrollment.current_step_id, step_ids), Enrollment.status.in_(LIVE))
        .group_by(Enrollment.current_step_id)
    )
    return {step_id: count for step_id, count in rows if step_id}


async def ask_waiting_to_refresh(session: Session, step_ids: Sequence[UUID]) -> list[UUID]:
    """Note on those who wait at these steps that they are to plan anew."""
    held = in_turn(
        select(Enrollment.id).where(
            among(Enrollment.current_step_id, step_ids),
            Enrollment.status == EnrollmentStatus.ACTIVE,
            Enrollment.workflow_status != "closed",
        )
    ).cte("held")
    rows = await session.scalars(
        update(Enrollment)
        .where(Enrollment.id == held.c.id)
        .values(refresh_requested_at=func.now())
        .returning(Enrollment.id)
        .execution_options(synchronize_session=False)
    )
    return list(rows)


def _behind(step_order: int) -> ColumnElement[bool]:
    """What comes after the step at that place; a deleted step stands behind the one whose order it has."""
    return (CampaignStep.step_order > step_order) | (
        CampaignStep.is_deleted & (CampaignStep.step_order == step_order)
    )


def _list_of(
    campaign_id: UUID, parent_step_id: UUID | None, branch: str | None
) -> tuple[ColumnElement[bool], ...]:
    """The trunk, or one branch."""
    return (
        CampaignStep.campaign_id == campaign_id,
        CampaignStep.parent_step_id.is_not_distinct_from(parent_step_id),
        CampaignStep.branch.is_not_distinct_from(branch),
    )
