"""Statements that read the rollup of analytics: what is rolled up plus what is noted.

Both halves are read in one statement, and so is all that one answer compares: between two statements a fold would move
what the second then misses, and people go on opening their mail.
"""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    JSON,
    ColumnElement,
    Date,
    DateTime,
    Interval,
    Label,
    ScalarSelect,
    Select,
    Text,
    and_,
    cast,
    func,
    literal,
    or_,
    select,
)
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.sql.elements import Grouping

from db.rollup import OF_CAMPAIGN, OF_STEP
from db.session import Session
from db.tables import (
    AnalyticsDelta,
    Campaign,
    CampaignAnalytics,
    Contact,
    Enrollment,
    StepAnalytics,
)
from domain.analytics import Results, StepTotals, Totals
from domain.periods import FIRST, LAST, Period

_METRIC_OF_STEP: Final = {metric: name for name, metrics in OF_STEP.items() for metric in metrics}

Json = Mapping[str, Any]
Sums = type[CampaignAnalytics] | type[StepAnalytics]


async def campaign_results(session: Session, campaign_id: UUID, period: Period) -> Results:
    """What a campaign did in the period, and what became of it."""
    steps = (
        select(StepAnalytics.step_id, StepAnalytics.variant, *_sums(StepAnalytics, OF_STEP))
        .where(StepAnalytics.campaign_id == campaign_id, _in_few_rows(StepAnalytics, period))
        .group_by(StepAnalytics.step_id, StepAnalytics.variant)
    )
    noted = _noted(period).where(AnalyticsDelta.campaign_id == campaign_id)
    days, by_step, notes = await _read(
        session, _days(CampaignAnalytics.campaign_id == campaign_id, period), steps, noted
    )
    results = Results(_by_day(days))
    for row in by_step:
        totals = StepTotals(**{**row, "step_id": UUID(row["step_id"])})
        results.steps[totals.step_id, totals.variant] = totals
    for note in notes:
        _count_on_day(results, note)
        if name := _METRIC_OF_STEP.get(note["metric"]):
            key = UUID(note["step_id"]), note["variant"] or ""
            _count(results.steps.setdefault(key, StepTotals(*key)), name, note["amount"])
    return results


async def company_results(session: Session, period: Period) -> tuple[Results, dict[UUID, Totals]]:
    """What all campaigns together did in the period, and each of those that did anything."""
    campaigns = (
        select(CampaignAnalytics.campaign_id, *_sums(CampaignAnalytics, OF_CAMPAIGN))
        .where(CampaignAnalytics.campaign_id.is_not(None), _in_few_rows(CampaignAnalytics, period))
        .group_by(CampaignAnalytics.campaign_id)
    )
    days, by_campaign, notes = await _read(
        session, _days(CampaignAnalytics.campaign_id.is_(None), period), campaigns, _noted(period)
    )
    results = Results(_by_day(days))
    each = {UUID(row["campaign_id"]): _totals(row) for row in by_campaign}
    for note in notes:
        _count_on_day(results, note)
        if note["metric"] in OF_CAMPAIGN:
            totals = each.setdefault(UUID(note["campaign_id"]), Totals())
            _count(totals, note["metric"], note["amount"])
    return results, each


async def company_campaigns(session: Session) -> Sequence[Campaign]:
    """All campaigns there ever were, the deleted ones too."""
    return (await session.scalars(select(Campaign))).all()


async def recent_enrollments(
    session: Session, campaign_id: UUID, period: Period, limit: int
) -> Sequence[tuple[Enrollment, str | None, str | None]]:
    """The newest enrollments of the period, with the contacts' first and last names."""
    rows = await session.execute(
        select(Enrollment, Contact.first_name, Contact.last_name)
        .join(Contact, Contact.id == Enrollment.contact_id)
        .where(
            Enrollment.campaign_id == campaign_id,
            ~Enrollment.is_holdout,
            Enrollment.enrolled_at >= period.starts_at,
            Enrollment.enrolled_at < period.ends_at,
        )
        .order_by(Enrollment.enrolled_at.desc(), Enrollment.id.desc())
        .limit(limit)
    )
    return [(enrollment, first, last) for enrollment, first, last in rows]


async def _read(session: Session, *queries: Select[*tuple[Any, ...]]) -> list[Sequence[Json]]:
    """What several queries find at one moment."""
    found = await session.execute(select(*map(_as_json, queries)))
    return [rows or [] for rows in found.one()]


def _as_json(query: Select[*tuple[Any, ...]]) -> ScalarSelect[Any]:
    rows = query.subquery().table_valued()
    return select(func.json_agg(func.row_to_json(rows), type_=JSON)).scalar_subquery()


def _sums(table: Sums, names: Mapping[str, object]) -> list[ColumnElement[Any]]:
    sums = {name: func.sum(getattr(table, name)) for name in names}
    # A number in JSON is a float to whoever reads it.
    return [
        (cast(total, Text) if name == "revenue" else total).label(name)
        for name, total in sums.items()
    ]


def _days(which: ColumnElement[bool], period: Period) -> Select[*tuple[Any, ...]]:
    """The days of the period's zone on which something happened."""
    return (
        select(_day(period, CampaignAnalytics.starts_at), *_sums(CampaignAnalytics, OF_CAMPAIGN))
        .where(
            which,
            CampaignAnalytics.grain == period.grain,
            CampaignAnalytics.starts_at >= period.starts_at,
            CampaignAnalytics.starts_at < period.ends_at,
        )
        .group_by("day")
    )


def _noted(period: Period) -> Select[*tuple[Any, ...]]:
    """What is yet to be folded in."""
    keys = (
        AnalyticsDelta.campaign_id,
        AnalyticsDelta.step_id,
        AnalyticsDelta.variant,
        AnalyticsDelta.metric,
    )
    return (
        select(
            _day(period, AnalyticsDelta.at),
            *keys,
            cast(func.sum(AnalyticsDelta.amount), Text).label("amount"),
        )
        .where(
            AnalyticsDelta.at >= period.starts_at,
            AnalyticsDelta.at < period.ends_at,
        )
        .group_by("day", *keys)
    )


def _day(period: Period, moment: InstrumentedAttribute[datetime]) -> Label[date]:
    """The day of the period's zone in which a moment lies.

    Reckoned with our own offsets: PostgreSQL's zones may be of another year's edition, and it takes some of their
    names (`CET`) for abbreviations, which know no summer time.
    """
    since, ahead = zip(*period.offsets, strict=True)
    began = func.width_bucket(moment, literal(since, ARRAY(DateTime(timezone=True))))
    local = func.timezone("UTC", moment) + Grouping(literal(ahead, ARRAY(Interval)))[began]
    # Not "date": by that name PostgreSQL would group by the column of the table.
    return cast(local, Date).label("day")


def _in_few_rows(table: Sums, period: Period) -> ColumnElement[bool]:
    """The rows that make up the period: days in UTC, as far as it holds whole ones, and quarters at its ends."""
    first, last = period.starts_at, period.ends_at
    day = timedelta(days=1)
    whole_from = first if first == FIRST else _midnight(first + day - timedelta.resolution)
    whole_to = last if last == LAST else _midnight(last)

    def rows(grain: str, since: datetime, until: datetime) -> ColumnElement[bool]:
        return and_(table.grain == grain, table.starts_at >= since, table.starts_at < until)

    if whole_from >= whole_to:
        return rows("quarter", first, last)
    ends = or_(rows("quarter", first, whole_from), rows("quarter", whole_to, last))
    return or_(rows("day", whole_from, whole_to), ends)


def _midnight(moment: datetime) -> datetime:
    return moment.replace(hour=0, minute=0, second=0, microsecond=0)


def _by_day(rows: Sequence[Json]) -> dict[date, Totals]:
    return {date.fromisoformat(row["day"]): _totals(row) for row in rows}


def _totals(row: Json) -> Totals:
    values = {each.name: row[each.name] for each in fields(Totals)}
    return Totals(**{**values, "revenue": Decimal(values["revenue"])})


def _count_on_day(results: Results, note: Json) -> None:
    if note["metric"] in OF_CAMPAIGN:
        day = results.days.setdefault(date.fromisoformat(note["day"]), Totals())
        _count(day, note["metric"], note["amount"])


def _count(totals: Totals | StepTotals, name: str, amount: str) -> None:
    before = getattr(totals, name)
    setattr(totals, name, before + type(before)(Decimal(amount)))
