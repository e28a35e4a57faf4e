"""What campaigns did, summed up: from totals to what people look at.

A range of days means, of

| section | what is counted |
| --- | --- |
| `series`, `revenue` | what happened on the days: an open counts on the day on which it was made |
| `overview`, `holdout`, `by_status`, `funnel` | who was enrolled on the days, and what has become of them until now |
| `email`, `sms`, `variants` | what was sent on the days, and what has become of it until now |

So a rate is of the same people, or messages, above and below the line, and never more than one. Without a range it is
everything, and all sections agree. What bounced has not arrived, and what is done with it does not count; nor do the
opens and clicks of machines. Whoever is held out of a campaign is not in it.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, fields
from datetime import date, timedelta
from decimal import Decimal
from typing import Final, Self
from uuid import UUID

from domain.enums import StepType
from domain.periods import Period

FILLED_DAYS: Final = 3660
"""So many days are listed whether something happened on them or not; of more than that, the latest until today."""


@dataclass(slots=True)
class Totals:
    """What the facts of a time add up to.

    What happened then: `enrolled`, `goals`, `revenue`, `*_sent`, `emails_opened`, `emails_clicked`,
    `sms_replied`. What has become of those enrolled then: `completed`, `exited`, `paused`, `failed`,
    `achieved` (the goal); `compared` of them count beside those of the same time who were `held_out`. What
    has become of the messages sent then: the rest, where `read`, `followed` and `answered` are the opens,
    clicks and replies of those messages, whenever they were made.
    """

    enrolled: int = 0
    completed: int = 0
    exited: int = 0
    paused: int = 0
    failed: int = 0
    achieved: int = 0
    compared: int = 0
    held_out: int = 0
    goals: int = 0
    revenue: Decimal = Decimal("0.00")
    emails_sent: int = 0
    emails_delivered: int = 0
    emails_bounced: int = 0
    emails_unsubscribed: int = 0
    emails_read: int = 0
    emails_followed: int = 0
    emails_opened: int = 0
    emails_clicked: int = 0
    sms_sent: int = 0
    sms_delivered: int = 0
    sms_bounced: int = 0
    sms_answered: int = 0
    sms_replied: int = 0

    @classmethod
    def of(cls, totals: Collection[Self]) -> Self:
        """Several times together."""
        total = cls()
        for name in (each.name for each in fields(cls)):
            setattr(
                total, name, sum((getattr(each, name) for each in totals), getattr(total, name))
            )
        return total


@dataclass(slots=True)
class StepTotals:
    """What became of the visits of a step, and of what it sent; `variant` is empty where nothing was tested."""

    step_id: UUID
    variant: str
    entered: int = 0
    done: int = 0
    failed: int = 0
    skipped: int = 0
    unknown: int = 0
    sent: int = 0
    bounced: int = 0
    opened: int = 0
    clicked: int = 0
    replied: int = 0


@dataclass(frozen=True, slots=True)
class Overview:
    """Those who were enrolled, how many of them are through and have reached the goal, and the revenue.

    `goal_progress` is the share of `goal_target` that is reached; null where the campaign has none.
    """

    total_enrolled: int
    completed: int
    completion_rate: float | None
    goals_achieved: int
    goal_rate: float | None
    goal_target: int | None
    goal_progress: float | None
    revenue: Decimal


@dataclass(frozen=True, slots=True)
class EmailResults:
    """The e-mails that were sent. Opens and clicks are people's, once a message, and rates of what did not bounce."""

    sent: int
    delivered: int
    opened: int
    open_rate: float | None
    clicked: int
    click_rate: float | None
    bounced: int
    unsubscribed: int


@dataclass(frozen=True, slots=True)
class SmsResults:
    """The texts that were sent. A reply counts once a text."""

    sent: int
    delivered: int
    replies: int
    reply_rate: float | None


@dataclass(frozen=True, slots=True)
class ByStatus:
    """Those who were enrolled, by what they are now."""

    active: int
    completed: int
    exited: int
    paused: int
    failed: int


@dataclass(frozen=True, slots=True)
class Day:
    """What happened on a day."""

    date: date
    enrolled: int
    emails_sent: int
    emails_opened: int
    emails_clicked: int
    sms_sent: int
    sms_replied: int
    goals: int
    revenue: Decimal


@dataclass(frozen=True, slots=True)
class FunnelStep:
    """A step, how many visits it had, and what became of them.

    Of the `unknown` nobody can tell whether the message went out. `entered` is the sum of the others.
    """

    step_id: UUID
    step_type: StepType
    entered: int
    completed: int
    waiting: int
    failed: int
    skipped: int
    unknown: int


@dataclass(frozen=True, slots=True)
class VariantReport:
    """A variant of a message. The rate, with its 95 % interval, is of what it is judged by; null where none arrived."""

    step_id: UUID
    name: str
    sent: int
    opened: int
    clicked: int
    replied: int
    rate: float | None
    low: float | None
    high: float | None
    winner: bool


@dataclass(slots=True)
class Results:
    """What was read for a report: what happened on each day, and what became of each step and variant."""

    days: dict[date, Totals] = field(default_factory=dict)
    steps: dict[tuple[UUID, str], StepTotals] = field(default_factory=dict)

    def total(self) -> Totals:
        """All days together."""
        return Totals.of(self.days.values())


def rate(part: int | Decimal, whole: int | None) -> float | None:
    """A fraction; None where there is nothing to take a part of."""
    return float(part / whole) if whole else None


def overview(total: Totals, goal_target: int | None = None) -> Overview:
    """How far those came who were enrolled."""
    return Overview(
        total_enrolled=total.enrolled,
        completed=total.completed,
        completion_rate=rate(total.completed, total.enrolled),
        goals_achieved=total.achieved,
        goal_rate=rate(total.achieved, total.enrolled),
        goal_target=goal_target,
        goal_progress=rate(total.achieved, goal_target),
        revenue=total.revenue,
    )


def email_results(total: Totals) -> EmailResults:
    """What became of the e-mails."""
    arrived = total.emails_sent - total.emails_bounced
    return EmailResults(
        sent=total.emails_sent,
        delivered=total.emails_delivered,
        opened=total.emails_read,
        open_rate=rate(total.emails_read, arrived),
        clicked=total.emails_followed,
        click_rate=rate(total.emails_followed, arrived),
        bounced=total.emails_bounced,
        unsubscribed=total.emails_unsubscribed,
    )


def sms_results(total: Totals) -> SmsResults:
    """What became of the texts."""
    return SmsResults(
        sent=total.sms_sent,
        delivered=total.sms_delivered,
        replies=total.sms_answered,
        reply_rate=rate(total.sms_answered, total.sms_sent - total.sms_bounced),
    )


def by_status(total: Totals) -> ByStatus:
    """What those are now who were enrolled."""
    over = total.completed + total.exited + total.failed
    return ByStatus(
        active=total.enrolled - over - total.paused,
        completed=total.completed,
        exited=total.exited,
        paused=total.paused,
        failed=total.failed,
    )


def series(days: Mapping[date, Totals], period: Period, today: date) -> list[Day]:
    """The days of a range, whether something happened on them or not; of two bounds that are open, the busy ones'.

    A range with a beginning and no end goes on until today.
    """
    listed = {day for day, total in days.items() if total != Totals()}
    first = period.first or min(listed, default=None)
    last = period.last or max(listed | ({today} if period.first else set()), default=None)
    if first and last:
        length = timedelta(days=FILLED_DAYS - 1)
        last = min(last, max(first + length, today, *listed))
        first = max(first, last - length)
        listed |= {first + timedelta(days=number) for number in range((last - first).days + 1)}
    return [_day(each, days.get(each, Totals())) for each in sorted(listed)]


def _day(day: date, total: Totals) -> Day:
    return Day(
        date=day,
        enrolled=total.enrolled,
        emails_sent=total.emails_sent,
        emails_opened=total.emails_opened,
        emails_clicked=total.emails_clicked,
        sms_sent=total.sms_sent,
        sms_replied=total.sms_replied,
        goals=total.goals,
        revenue=total.revenue,
    )


def funnel_step(step_id: UUID, step_type: StepType, of: list[StepTotals]) -> FunnelStep:
    """What became of the visits of a step, all its variants together."""
    entered, done, failed, skipped, unknown = (
        sum(getattr(each, name) for each in of)
        for name in ("entered", "done", "failed", "skipped", "unknown")
    )
    waiting = entered - done - failed - skipped - unknown
    return FunnelStep(step_id, step_type, entered, done, waiting, failed, skipped, unknown)
