"""The cached counters of campaigns and steps: what is cached plus what is noted, and folding the one into the other."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, func, select, text
from sqlalchemy.orm.attributes import set_committed_value

from db.session import Session
from db.tables import Campaign, CampaignStep, CounterDelta


async def add_noted_to_campaigns(session: Session, campaigns: Sequence[Campaign]) -> None:
    """Bring the totals of these rows, as read, up to this moment. The rows are detached from writing."""
    columns = (CounterDelta.enrolled, CounterDelta.completed, CounterDelta.revenue)
    noted = await _noted(session, CounterDelta.campaign_id, campaigns, columns)
    for campaign in campaigns:
        if row := noted.get(campaign.id):
            _set(campaign, "total_enrolled", row.enrolled)
            _set(campaign, "total_completed", row.completed)
            _set(campaign, "total_revenue", row.revenue)


async def add_noted_to_steps(session: Session, steps: Sequence[CampaignStep]) -> None:
    """The same for steps."""
    columns = (CounterDelta.executed, CounterDelta.succeeded, CounterDelta.failed)
    noted = await _noted(session, CounterDelta.step_id, steps, columns)
    for step in steps:
        if row := noted.get(step.id):
            _set(step, "total_executed", row.executed)
            _set(step, "total_succeeded", row.succeeded)
            _set(step, "total_failed", row.failed)


async def total_enrolled(session: Session, campaign: Campaign) -> int:
    """All enrollments ever made in the campaign."""
    noted = await session.scalar(
        select(func.coalesce(func.sum(CounterDelta.enrolled), 0)).where(
            CounterDelta.campaign_id == campaign.id
        )
    )
    return campaign.total_enrolled + int(noted or 0)


async def fold_counters(session: Session) -> None:
    """Add what is noted to what is cached, in one statement: no reader sees it twice or not at all."""
    await session.execute(
        text(
            """
            with noted as (delete from counter_deltas returning *),
            by_campaign as (
                select campaign_id, sum(enrolled) enrolled, sum(completed) completed,
                       sum(revenue) revenue
                from noted group by campaign_id
            ),
            by_step as (
                select step_id, sum(executed) executed, sum(succeeded) succeeded, sum(failed) failed
                from noted where step_id is not null group by step_id
            ),
            steps as (
                update campaign_steps s
                set total_executed = s.total_executed + n.executed,
                    total_succeeded = s.total_succeeded + n.succeeded,
                    total_failed = s.total_failed + n.failed
                from by_step n where s.id = n.step_id
            )
            update campaigns c
            set total_enrolled = c.total_enrolled + n.enrolled,
                total_completed = c.total_completed + n.completed,
                total_revenue = c.total_revenue + n.revenue
            from by_campaign n where c.id = n.campaign_id
            """
        )
    )


async def _noted(
    session: Session,
    key: Any,  # noqa: ANN401 — an instrumented attribute
    rows: Sequence[Campaign] | Sequence[CampaignStep],
    columns: Sequence[Any],
) -> dict[UUID, Row[Any]]:
    found = await session.execute(
        select(key.label("key"), *(func.sum(column).label(column.key) for column in columns))
        .where(key.in_([row.id for row in rows]))
        .group_by(key)
    )
    return {row.key: row for row in found}


def _set(row: Campaign | CampaignStep, name: str, noted: Any) -> None:  # noqa: ANN401 — int or Decimal
    """Change what is shown without marking the row as changed."""
    set_committed_value(row, name, getattr(row, name) + noted)
