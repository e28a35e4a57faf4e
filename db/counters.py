"""The cached counters of campaigns and steps: what is cached plus what is noted, and folding the one into the other."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import func, select, text
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.orm.attributes import set_committed_value

from db.session import Session
from db.tables import Campaign, CampaignStep, CounterDelta
from domain.fields import MAX_MONEY


async def add_noted_to_campaigns(session: Session, campaigns: Sequence[Campaign]) -> None:
    """Bring the totals of these rows up to this moment. The rows are detached from writing."""
    totals = {
        "total_enrolled": CounterDelta.enrolled,
        "total_completed": CounterDelta.completed,
        "total_revenue": CounterDelta.revenue,
    }
    await _add_noted(session, Campaign, campaigns, CounterDelta.campaign_id, totals)


async def add_noted_to_steps(session: Session, steps: Sequence[CampaignStep]) -> None:
    """The same for steps."""
    totals = {
        "total_executed": CounterDelta.executed,
        "total_succeeded": CounterDelta.succeeded,
        "total_failed": CounterDelta.failed,
        "total_skipped": CounterDelta.skipped,
    }
    await _add_noted(session, CampaignStep, steps, CounterDelta.step_id, totals)


async def total_enrolled(session: Session, campaign: Campaign) -> int:
    """All enrollments ever made in the campaign."""
    await add_noted_to_campaigns(session, [campaign])
    return campaign.total_enrolled


async def fold_counters(session: Session) -> None:
    """Add what is noted to what is cached, in one statement: no reader sees it twice or not at all.

    More revenue than its column holds stays at the most that it does.
    """
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
                select step_id, sum(executed) executed, sum(succeeded) succeeded, sum(failed) failed,
                       sum(skipped) skipped
                from noted where step_id is not null group by step_id
            ),
            steps as (
                update campaign_steps s
                set total_executed = s.total_executed + n.executed,
                    total_succeeded = s.total_succeeded + n.succeeded,
                    total_failed = s.total_failed + n.failed,
                    total_skipped = s.total_skipped + n.skipped
                from by_step n where s.id = n.step_id
            )
            update campaigns c
            set total_enrolled = c.total_enrolled + n.enrolled,
                total_completed = c.total_completed + n.completed,
                total_revenue = least(c.total_revenue + n.revenue, :max_money)
            from by_campaign n where c.id = n.campaign_id
            """
        ),
        {"max_money": MAX_MONEY},
    )


async def _add_noted(
    session: Session,
    table: type[Campaign] | type[CampaignStep],
    rows: Sequence[Campaign] | Sequence[CampaignStep],
    key: InstrumentedAttribute[Any],
    totals: Mapping[str, InstrumentedAttribute[Any]],
) -> None:
    # Both halves in one statement: between two, a fold would move what the second then misses.
    found = await session.execute(
        select(
            table.id,
            *(
                (getattr(table, name) + func.coalesce(func.sum(noted), 0)).label(name)
                for name, noted in totals.items()
            ),
        )
        .outerjoin(CounterDelta, key == table.id)
        .where(table.id.in_([row.id for row in rows]))
        .group_by(table.id)
    )
    now = {current.id: current for current in found}
    # Of one that was made and taken back nothing is noted.
    for row in (row for row in rows if row.id in now):
        for name in totals:
            # What is shown changes; the row does not count as changed.
            set_committed_value(row, name, getattr(now[row.id], name))
