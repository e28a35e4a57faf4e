"""When delays have passed, read by PostgreSQL as `domain.calendar.due` reads them in Python."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    SQLColumnExpression,
    and_,
    case,
    func,
    literal,
    or_,
    select,
)

from db.readings import moment_at
from db.session import Session
from db.tables import Contact, Enrollment, Execution
from domain.enums import DelayUnit, EnrollmentStatus
from domain.flow import Step
from domain.step_configs import UntilEvent, Wait

Moment = SQLColumnExpression[Any]
Zone = str | ColumnElement[str]


@dataclass(frozen=True, slots=True)
class Turn:
    """Those who wait at the step `at`, and wait for `then` from now on.

    `was` is the same step as it was before; None if what they wait for now is another one.
    """

    at: Step
    then: Step
    was: Step | None = None


def delayed(since: Moment, value: int, unit: DelayUnit, zone: Zone) -> ColumnElement[Any]:
    """`value` `unit` after a moment, as the clocks of the zone have it."""
    length = literal(timedelta(**{unit.value: value}))
    if value == 0 or unit in (DelayUnit.MINUTES, DelayUnit.HOURS):
        return since + length
    return moment_at(func.timezone(zone, since) + length, zone)


def zone_of_contact(otherwise: str) -> ColumnElement[str]:
    """The zone of `Contact`, or another where it has none that PostgreSQL knows."""
    a_moment = literal("2000-01-01 00:00 ") + Contact.timezone
    return case(
        (func.pg_input_is_valid(a_moment, "timestamptz"), Contact.timezone), else_=otherwise
    )


async def count_come_due(session: Session, turns: Sequence[Turn], zone: Zone, now: datetime) -> int:
    """How many active enrollments are due now, and were not while they waited for what they did."""
    if not turns:
        return 0
    begun = (Execution.enrollment_id == Enrollment.id) & (Execution.visit == Enrollment.visit)
    query = (
        select(func.count())
        .select_from(Enrollment)
        .outerjoin(Execution, begun)
        .where(
            Enrollment.status == EnrollmentStatus.ACTIVE,
            or_(*(_comes_due(turn, zone, now) for turn in turns)),
        )
    )
    if not isinstance(zone, str):
        query = query.join(Contact, Contact.id == Enrollment.contact_id)
    return await session.scalar(query) or 0


def _comes_due(turn: Turn, zone: Zone, now: datetime) -> ColumnElement[bool]:
    waits_there = Enrollment.current_step_id == turn.at.id
    if turn.was is None:
        return and_(waits_there, _from_its_beginning(turn.then, zone) <= now)
    return and_(waits_there, _due(turn.was, zone) > now, _due(turn.then, zone) <= now)


def _from_its_beginning(step: Step, zone: Zone) -> ColumnElement[Any]:
    return delayed(Enrollment.waiting_since, step.delay_value, step.delay_unit, zone)


def _due(step: Step, zone: Zone) -> ColumnElement[Any]:
    """Of a wait for an event that has begun it is the time limit, or when the event came."""
    until = _event_of(step)
    if until is None:
        return _from_its_beginning(step, zone)
    limit = until.timeout
    ends = delayed(Execution.started_at, limit.delay_value, limit.delay_unit, zone)
    return case(
        (Execution.started_at.is_(None), _from_its_beginning(step, zone)),
        (Execution.result_data.is_not(None), Execution.started_at),
        else_=ends,
    )


def _event_of(step: Step) -> UntilEvent | None:
    config = step.config
    return config.until if isinstance(config, Wait) else None
