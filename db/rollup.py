"""Statements that keep the rollup of analytics: folding in what is noted, and adding it all up anew from the rows.

Facts, metrics and triggers are in `db/migrations/versions/0004_reports.sql`, readers in `db/analytics.py`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, delete, func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from db.session import Session
from db.tables import AnalyticsDelta, CampaignAnalytics, StepAnalytics
from domain.analytics import Totals

OF_CAMPAIGN: Final[Mapping[str, Sequence[str]]] = {
    each.name: [each.name] for each in fields(Totals)
}
"""The columns of `campaign_analytics`, and the metrics that they add up."""

OF_STEP: Final[Mapping[str, Sequence[str]]] = {
    "entered": ["entered"],
    "done": ["step_done"],
    "failed": ["step_failed"],
    "skipped": ["step_skipped"],
    "unknown": ["step_unknown"],
    "sent": ["emails_sent", "sms_sent"],
    "bounced": ["emails_bounced", "sms_bounced"],
    "opened": ["emails_read"],
    "clicked": ["emails_followed"],
    "replied": ["emails_answered", "sms_answered"],
}
"""The columns of `step_analytics`, and the metrics that they add up."""


async def tenants_with_notes(gateway: AsyncSession) -> Sequence[UUID]:
    """Who has something to fold in."""
    return (await gateway.scalars(select(AnalyticsDelta.tenant_id).distinct())).all()


async def fold_analytics(session: Session) -> None:
    """Add what is noted to what is rolled up, in one statement: no reader sees it twice or not at all.

    While somebody else does so, or adds it all up anew, it is left to the next time.
    """
    if await session.scalar(select(func.pg_try_advisory_xact_lock(_writing(session)))):
        await session.execute(_FOLD)


async def rebuild_analytics(session: Session) -> None:
    """Add it all up anew from the rows. Readers see what was, until the transaction is committed.

    The notes that go are those of just the rows that are counted: what is noted meanwhile is folded in later.
    """
    await session.execute(select(func.pg_advisory_xact_lock(_writing(session))))
    for rolled_up in (CampaignAnalytics, StepAnalytics):
        await session.execute(delete(rolled_up))
    await session.execute(_REBUILD)


def _writing(session: Session) -> ColumnElement[int]:
    """The lock of whoever writes the company's rollup."""
    return func.hashtextextended(f"analytics:{session.scope.tenant_id}", 0)


def _names(metrics: Iterable[str]) -> str:
    return ", ".join(f"'{name}'" for name in metrics)


def _add_up(
    columns: Mapping[str, Sequence[str]], table: str, grains: str, keys: str, groups: str
) -> str:
    """The statement that adds what is noted to the columns of a table."""
    sums = ", ".join(
        f"coalesce(sum(amount) filter (where metric in ({_names(metrics)})), 0)"
        for metrics in columns.values()
    )
    added = ", ".join(f"{name} = {table}.{name} + excluded.{name}" for name in columns)
    counted = _names(metric for metrics in columns.values() for metric in metrics)
    return f"""
        insert into {table} (tenant_id, {keys}, {", ".join(columns)})
        select app_tenant(), {keys}, {sums}
        from (
            select campaign_id, step_id, coalesce(variant, '') as variant, grain, metric, amount,
                   date_bin(length, at, '2000-01-01 00:00+00') as starts_at
            from noted
            cross join (values {grains}) as grains (grain, length)
            where metric in ({counted})
        ) as facts
        group by {groups}
        on conflict (tenant_id, {keys}) do update set {added}
    """  # noqa: S608 — made of the names in this file


_QUARTER: Final = "('quarter', interval '15 minutes')"
_HOUR: Final = "('hour', interval '1 hour')"
_DAY: Final = "('day', interval '1 day')"
_CAMPAIGN: Final = "campaign_id, grain, starts_at"
_LEVELS: Final = f"grouping sets ((grain, starts_at), ({_CAMPAIGN}))"
_STEP: Final = f"{_CAMPAIGN}, step_id, variant"
_ADD_UP: Final = f"""
    campaigns as (
        {_add_up(OF_CAMPAIGN, "campaign_analytics", f"{_QUARTER}, {_HOUR}, {_DAY}", _CAMPAIGN, _LEVELS)}
    )
    {_add_up(OF_STEP, "step_analytics", f"{_QUARTER}, {_DAY}", _STEP, _STEP)}
"""
_FOLD: Final = text(
    f"with noted as (delete from analytics_deltas returning *), {_ADD_UP}"  # noqa: S608 — as above
)
_FACT: Final = "campaign_id, step_id, variant, at, metric"
_REBUILD: Final = text(
    f"""
    with gone as (delete from analytics_deltas),
    noted as (select {_FACT}, sum(amount) as amount from analytics_facts group by {_FACT}),
    {_ADD_UP}
    """  # noqa: S608 — as above
)
