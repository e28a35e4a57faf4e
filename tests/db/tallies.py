"""What reports should say, counted in Python from the rows themselves: the slow and obvious way."""

from collections import Counter, defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import create_async_engine

from db.analytics import campaign_results
from db.session import Session, driver_url
from db.tables import Attribution, Enrollment, Execution
from domain.analytics import Results, StepTotals, Totals
from domain.periods import Period
from tests.db.companies import Company

EVER = Period(None, None, "America/Denver")
_CHANNELS = {"send_email": "emails", "send_sms": "sms"}


class Tally:
    """The facts of some rows that lie in a period."""

    def __init__(self, period: Period) -> None:
        self._period = period
        self._zone = ZoneInfo(period.timezone)
        self._days: dict[date, Counter[str]] = defaultdict(Counter)
        self._steps: dict[tuple[UUID, str], Counter[str]] = defaultdict(Counter)
        self._revenue: Counter[date] = Counter()

    def results(self) -> Results:
        """All that was counted."""
        days = {
            day: Totals(**{**counts, "revenue": Decimal(self._revenue[day])})  # type: ignore[arg-type]
            for day, counts in self._days.items()
        }
        steps = {key: StepTotals(*key) for key in self._steps}
        for key, counts in self._steps.items():
            for name, count in counts.items():
                setattr(steps[key], name, count)
        return Results(days, steps)

    def enrollment(self, row: Enrollment) -> None:
        """Somebody who was enrolled, or held out."""
        if row.is_compared:
            self._on_day(row.enrolled_at, "held_out" if row.is_holdout else "compared")
        if row.is_holdout:
            return
        self._on_day(row.enrolled_at, "enrolled")
        if row.status != "active":
            self._on_day(row.enrolled_at, row.status)
        if row.goal_achieved:
            self._on_day(row.enrolled_at, "achieved")
            self._on_day(row.goal_achieved_at, "goals")

    def attribution(self, row: Attribution) -> None:
        """Revenue, or what was taken back of it."""
        if day := self._day(row.occurred_at):
            self._days[day]["revenue"] += 0
            self._revenue[day] += row.amount  # type: ignore[assignment]

    def execution(self, row: Execution, enrolled_at: datetime) -> None:
        """A visit of a step, and the message if it sent one."""
        key = (row.step_id, row.variant or "")
        outcome = {"completed": "done", "pending": None, "running": None}
        if self._day(enrolled_at):
            self._steps[key]["entered"] += 1
            if name := outcome.get(row.status, row.status):
                self._steps[key][name] += 1
        channel = _CHANNELS.get(row.step_type)
        if channel and row.status == "completed":
            self._message(row, channel, key)

    def _message(self, row: Execution, channel: str, key: tuple[UUID, str]) -> None:
        in_time = self._day(row.completed_at) is not None
        names: list[tuple[str, str | None]] = [("sent", "sent")]
        if row.bounced_at:
            names.append(("bounced", "bounced"))
        else:
            names += [("delivered", None)] if row.delivered_at else []
            if channel == "emails":
                names += [("unsubscribed", None)] if row.unsubscribed_at else []
                names += [("read", "opened")] if row.opened_at else []
                names += [("followed", "clicked")] if row.clicked_at else []
                self._on_day(row.opened_at, "emails_opened")
                self._on_day(row.clicked_at, "emails_clicked")
                if row.replied_at and in_time:
                    self._steps[key]["replied"] += 1
            else:
                names += [("answered", "replied")] if row.replied_at else []
                self._on_day(row.replied_at, "sms_replied")
        for of_campaign, of_step in names:
            self._on_day(row.completed_at, f"{channel}_{of_campaign}")
            if of_step and in_time:
                self._steps[key][of_step] += 1

    def _day(self, moment: datetime | None) -> date | None:
        """The local day, if it is one of the period."""
        if moment is None:
            return None
        day, period = moment.astimezone(self._zone).date(), self._period
        after = period.first is None or day >= period.first
        return day if after and (period.last is None or day <= period.last) else None

    def _on_day(self, moment: datetime | None, name: str) -> None:
        if day := self._day(moment):
            self._days[day][name] += 1


async def tally(session: Session, campaign_id: UUID, period: Period) -> Results:
    """What a campaign's rows add up to, in the transaction's own view of them."""
    counted = Tally(period)
    enrollments = await _all(session, Enrollment, campaign_id)
    for enrollment in enrollments:
        counted.enrollment(enrollment)
    enrolled_at = {enrollment.id: enrollment.enrolled_at for enrollment in enrollments}
    for execution in await _all(session, Execution, campaign_id):
        counted.execution(execution, enrolled_at[execution.enrollment_id])
    for attribution in await _all(session, Attribution, campaign_id):
        counted.attribution(attribution)
    return counted.results()


async def _all(session: Session, table: Any, campaign_id: UUID) -> Any:
    return (await session.scalars(select(table).where(table.campaign_id == campaign_id))).all()


def without_zeros(results: Results) -> Results:
    """The same, without days and steps of which nothing is left."""
    return Results(
        {day: total for day, total in results.days.items() if total != Totals()},
        {key: total for key, total in results.steps.items() if total != StepTotals(*key)},
    )


def campaign_id(company: Company) -> UUID:
    """The company's campaign."""
    found: UUID = company.rows["campaigns"]["id"]
    return found


@asynccontextmanager
async def one_moment(url: str, company: Company) -> AsyncIterator[Session]:
    """A transaction of the company's that sees the database as it is at one moment."""
    engine = create_async_engine(driver_url(url), isolation_level="REPEATABLE READ")
    async with Session(engine) as session:
        session.scope = company.engine()
        enter = "select set_config('role', 'campaigns_app', true), set_config('app.tenant_id', :id, true)"
        await session.execute(text(enter), {"id": str(company.id)})
        yield session
    await engine.dispose()


async def check(url: str, company: Company, period: Period = EVER) -> Results:
    """Compare what is shown with what the rows say, at one moment; answers what is shown."""
    async with one_moment(url, company) as session:
        shown = without_zeros(await campaign_results(session, campaign_id(company), period))
        rows = without_zeros(await tally(session, campaign_id(company), period))
    assert shown.days == rows.days, period
    assert shown.steps == rows.steps, period
    return shown
