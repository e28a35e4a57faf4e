"""Statements about holdouts: what the contacts did that are compared."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Boolean, DateTime, Numeric, Text, Uuid, bindparam, select, text

from db.lists import among
from db.session import Session
from db.tables import Enrollment
from domain.enums import GoalType


@dataclass(frozen=True, slots=True)
class Result:
    """What an event tells of a contact: a goal, an amount, or both. `by_stage`: a stage says that a project is won."""

    event_id: UUID
    contact_id: UUID
    project_id: UUID | None
    goal: GoalType | None
    amount: Decimal | None
    by_stage: bool
    at: datetime


_NOTE = text(
    """
    insert into holdout_results (tenant_id, campaign_id, enrollment_id, is_holdout, enrolled_at, event_id,
                                 project_id, is_goal, by_stage, amount, occurred_at)
    select e.tenant_id, e.campaign_id, e.id, e.is_holdout, e.enrolled_at, h.event_id,
           coalesce(h.project_id, only_one.id), coalesce(c.goal_type = h.goal, false), h.by_stage, h.amount, h.at
    from unnest(:event_ids, :contact_ids, :project_ids, :goals, :amounts, :by_stages, :ats)
        as h (event_id, contact_id, project_id, goal, amount, by_stage, at)
    join campaign_enrollments e
        on e.contact_id = h.contact_id and e.is_compared and h.at >= e.enrolled_at
        and h.at < e.enrolled_at + make_interval(days => :days)
    join campaigns c on c.id = e.campaign_id
    left join lateral (
        select (array_agg(p.id))[1] as id from projects p where p.contact_id = h.contact_id having count(*) = 1
    ) only_one on true
    where (h.amount is not null or c.goal_type = h.goal)
      -- Who was held out, and gets the campaign after all, is on neither side from then on.
      and not (e.is_holdout and exists (
          select from campaign_enrollments later
          where later.campaign_id = e.campaign_id and later.contact_id = e.contact_id
            and not later.is_holdout and later.enrolled_at between e.enrolled_at and h.at))
    on conflict do nothing
    """
).bindparams(
    bindparam("event_ids", type_=ARRAY(Uuid)),
    bindparam("contact_ids", type_=ARRAY(Uuid)),
    bindparam("project_ids", type_=ARRAY(Uuid)),
    bindparam("goals", type_=ARRAY(Text)),
    bindparam("amounts", type_=ARRAY(Numeric(12, 2))),
    bindparam("by_stages", type_=ARRAY(Boolean)),
    bindparam("ats", type_=ARRAY(DateTime(timezone=True))),
)

_SIDES = text(
    """
    with deals as (
        -- A project that is won by its stage and again by an event is one deal, and the event's amount holds.
        select is_holdout, enrollment_id, bool_or(is_goal) as achieved, greatest(0,
            coalesce(sum(amount) filter (where amount > 0 and not by_stage),
                     (array_agg(amount order by occurred_at) filter (where amount > 0 and by_stage))[1], 0)
            + coalesce(sum(amount) filter (where amount < 0), 0)) as revenue
        from holdout_results
        where campaign_id = :campaign_id and enrolled_at >= :since and enrolled_at < :until
        group by is_holdout, enrollment_id, project_id
    ),
    contacts as (
        select is_holdout, bool_or(achieved) as achieved, sum(revenue) as revenue
        from deals group by is_holdout, enrollment_id
    )
    select is_holdout, count(*) filter (where achieved) as achieved, sum(revenue)::numeric(20, 2) as revenue
    from contacts group by is_holdout
    """
).bindparams(
    bindparam("since", type_=DateTime(timezone=True)),
    bindparam("until", type_=DateTime(timezone=True)),
)


async def note_results(session: Session, results: Sequence[Result], window_days: int) -> None:
    """Keep what compared contacts have done within so many days after they were enrolled."""
    fields: Mapping[str, list[Any]] = {
        "event_ids": [each.event_id for each in results],
        "contact_ids": [each.contact_id for each in results],
        "project_ids": [each.project_id for each in results],
        "goals": [each.goal for each in results],
        "amounts": [each.amount for each in results],
        "by_stages": [each.by_stage for each in results],
        "ats": [each.at for each in results],
    }
    await session.execute(_NOTE, {**fields, "days": window_days})


async def achieved_by(
    session: Session, campaign_id: UUID, since: datetime, until: datetime
) -> Mapping[bool, tuple[int, Decimal]]:
    """How many of the compared contacts enrolled in that time have reached the goal, and what they brought in.

    True is the holdout, False the others; a side that has done nothing is left out.
    """
    values = {"campaign_id": campaign_id, "since": since, "until": until}
    rows = await session.execute(_SIDES, values)
    return {row.is_holdout: (row.achieved, row.revenue) for row in rows}


async def find_held_out(session: Session, enrollment_ids: Sequence[UUID]) -> Sequence[Enrollment]:
    """The rows of contacts that have just been held out."""
    rows = await session.scalars(
        select(Enrollment).where(among(Enrollment.id, enrollment_ids)).order_by(Enrollment.id)
    )
    return rows.all()
