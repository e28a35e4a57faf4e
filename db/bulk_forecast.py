"""What enrolling many would come to: the rules of `services.enrolling`, for all of them in one statement.

Nobody is held: what comes out holds for the moment.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    FromClause,
    Select,
    Subquery,
    Uuid,
    and_,
    bindparam,
    case,
    column,
    func,
    literal,
    or_,
    select,
    true,
)
from sqlalchemy.orm import aliased

from db.contacts import fitting
from db.enrollments import LIVE
from db.session import Session
from db.tables import Campaign, Contact, Enrollment
from domain.conditions import Condition

People = Select[*tuple[Any, ...]]
"""Contacts: `id`, whether there is one (`is_there`), whose `turn` it is when, and what it can be sent."""


_PORTION: Final = 2_000


@dataclass(frozen=True, slots=True)
class Forecast:
    """What would become of `total` contacts, each once.

    Attributes:
        enrollable: Would be enrolled; of these `held_out` get nothing of the campaign.
        refused: How many would not be, by the code of the refusal.
        without_email: Of those whom the campaign would write to, how many have no e-mail address.
        without_phone: How many of them have no phone number.
        without_sms_consent: How many have one, and have not consented to texts or have opted out.
    """

    total: int
    enrollable: int
    held_out: int
    refused: Mapping[str, int]
    without_email: int
    without_phone: int
    without_sms_consent: int


def given(contact_ids: Sequence[UUID]) -> People:
    """These contacts in this order, each once; of one that does not exist there is only the id."""
    ids = func.unnest(bindparam(None, list(dict.fromkeys(contact_ids)), ARRAY(Uuid)))
    listed = ids.table_valued(column("id", Uuid), with_ordinality="turn").render_derived()
    there = (Contact.id == listed.c.id) & ~Contact.is_deleted
    return _about(select(listed.c.id, listed.c.turn)).select_from(listed.outerjoin(Contact, there))


def found(condition: Condition, now: datetime) -> People:
    """The contacts that fit, the oldest first."""
    turn = func.row_number().over(order_by=(Contact.created_at, Contact.id)).label("turn")
    return fitting(_about(select(Contact.id, turn)), condition, now)


async def ids_of(session: Session, whom: People) -> AsyncIterator[Sequence[UUID]]:
    """Those who are there, in portions: to read a hundred thousand at once keeps all others waiting."""
    about = whom.subquery()
    query = select(about.c.id).where(about.c.is_there).execution_options(yield_per=_PORTION)
    async for portion in (await session.stream_scalars(query)).partitions():
        yield portion


async def forecast(
    session: Session,
    campaign: Campaign,
    whom: People,
    held_out: Sequence[UUID],
    room: int | None,
    now: datetime,
) -> Forecast:
    """What enrolling them would come to. `room` is how many the campaign still takes, None for any number."""
    judged = _judged(campaign, whom, held_out, now).cte("judged")
    code = _code(judged, room)
    settled = select(judged, code.label("code")).subquery()
    written_to = settled.c.code.is_(None) & ~settled.c.held_out
    has_phone = settled.c.phone.is_not(None)
    rows = await session.execute(
        select(
            settled.c.code,
            func.count().label("people"),
            func.count().filter(settled.c.held_out).label("held_out"),
            func.count().filter(written_to, settled.c.email.is_(None)).label("without_email"),
            func.count().filter(written_to, ~has_phone).label("without_phone"),
            func.count().filter(written_to, has_phone, ~settled.c.texts).label("without_consent"),
        ).group_by(settled.c.code)
    )
    by_code = {row.code: row for row in rows}
    enrolled = by_code.pop(None, None)
    refused = {code: row.people for code, row in by_code.items()}
    return Forecast(
        total=sum(refused.values()) + (enrolled.people if enrolled else 0),
        enrollable=enrolled.people if enrolled else 0,
        held_out=enrolled.held_out if enrolled else 0,
        refused=refused,
        without_email=enrolled.without_email if enrolled else 0,
        without_phone=enrolled.without_phone if enrolled else 0,
        without_sms_consent=enrolled.without_consent if enrolled else 0,
    )


def _about(whom: People) -> People:
    return whom.add_columns(
        Contact.id.is_not(None).label("is_there"),
        Contact.email,
        Contact.phone,
        (Contact.sms_consent & ~Contact.sms_opt_out).label("texts"),
    )


def _judged(campaign: Campaign, whom: People, held_out: Sequence[UUID], now: datetime) -> People:
    """Each with what its last enrollment says: that it `is_in` the campaign, or why it is `barred` from coming back."""
    about, last = whom.subquery("about"), aliased(Enrollment)
    latest = (
        select(last)
        .where(last.campaign_id == campaign.id, last.contact_id == about.c.id)
        .order_by(last.status.in_(LIVE).desc(), last.enrolled_at.desc())
        .limit(1)
        .lateral("latest")
    )
    out = func.unnest(bindparam(None, list(held_out), ARRAY(Uuid)))
    held = out.table_valued(column("id", Uuid), name="held").render_derived()
    is_held_out = held.c.id.is_not(None)
    has_been = latest.c.id.is_not(None) & ~latest.c.is_holdout
    ended = func.coalesce(latest.c.completed_at, latest.c.exited_at, latest.c.enrolled_at)
    wait = timedelta(days=campaign.re_enrollment_delay_days or 0)
    source: FromClause = about.outerjoin(latest, true()).outerjoin(held, held.c.id == about.c.id)
    return select(
        about.c.turn,
        about.c.is_there,
        about.c.email,
        about.c.phone,
        about.c.texts,
        is_held_out.label("held_out"),
        or_(
            func.coalesce(latest.c.status.in_(LIVE), False),
            and_(func.coalesce(latest.c.is_holdout, False), is_held_out),
        ).label("is_in"),
        case(
            (
                and_(has_been, literal(not campaign.allow_re_enrollment)),
                "re_enrollment_not_allowed",
            ),
            (and_(has_been, ended > now - wait), "re_enrollment_too_soon"),
        ).label("barred"),
    ).select_from(source)


def _code(judged: Subquery | FromClause, room: int | None) -> ColumnElement[str | None]:
    """Why somebody would be refused. Who is held out takes no place, but needs a free one."""
    each = judged.c
    known: list[tuple[ColumnElement[bool], str]] = [
        (~each.is_there, "not_found"),
        (each.is_in, "already_enrolled"),
    ]
    if room is not None:
        takes_a_place = each.is_there & ~each.is_in & each.barred.is_(None) & ~each.held_out
        before = func.count().filter(takes_a_place).over(order_by=each.turn, rows=(None, -1))
        known.append((before >= room, "max_enrollments_reached"))
    return case(*known, else_=each.barred)
