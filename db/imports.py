"""Statements of an import: many contacts at once."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    ColumnExpressionArgument,
    String,
    Uuid,
    any_,
    bindparam,
    cast,
    func,
    select,
    text,
)

from db.planner import avoiding, set_for_now
from db.rows import explained
from db.session import Session
from db.tables import Contact, User

# Each is a microsecond younger than the one before, so that they keep the order of the file.
_ADD: Final = text(
    """
    insert into contacts (
        id, tenant_id, first_name, last_name, email, phone, stage, timezone, state, postal_code,
        assigned_to, tags, custom, sms_consent, created_at)
    select id, app_tenant(), first_name, last_name, email, phone, stage, timezone, state, postal_code,
           assigned_to, tags, custom, sms_consent,
           statement_timestamp() + ordinality * interval '1 microsecond'
    from jsonb_populate_recordset(null::contacts, cast(:rows as jsonb)) with ordinality
    """
)
_UPDATE: Final = text(
    """
    with wanted as (
        select c.id,
               coalesce(said.first_name, c.first_name) as first_name,
               coalesce(said.last_name, c.last_name) as last_name,
               coalesce(said.email, c.email) as email,
               coalesce(said.phone, c.phone) as phone,
               coalesce(said.stage, c.stage) as stage,
               coalesce(said.timezone, c.timezone) as timezone,
               coalesce(said.state, c.state) as state,
               coalesce(said.postal_code, c.postal_code) as postal_code,
               coalesce(said.assigned_to, c.assigned_to) as assigned_to,
               c.tags || array(select tag from unnest(said.tags) with ordinality as new (tag, place)
                               where tag <> all (c.tags) order by place) as tags,
               c.custom || said.custom as custom,
               c.sms_consent or said.sms_consent and not exists (
                   select from consents w
                   where w.contact_id = c.id and w.channel = 'sms' and w.action = 'withdrawn') as sms_consent
        from contacts c
        join jsonb_populate_recordset(null::contacts, cast(:rows as jsonb)) as said on said.id = c.id
        where c.id = any(:ids) and not c.is_deleted
        order by c.id for no key update of c
    )
    update contacts c
    set first_name = w.first_name, last_name = w.last_name, email = w.email, phone = w.phone, stage = w.stage,
        timezone = w.timezone, state = w.state, postal_code = w.postal_code, assigned_to = w.assigned_to,
        tags = w.tags, custom = w.custom, sms_consent = w.sms_consent, updated_at = now()
    from wanted w
    where c.id = w.id and c.id = any(:ids)
      and (c.first_name, c.last_name, c.email, c.phone, c.stage, c.timezone, c.state, c.postal_code,
           c.assigned_to, c.tags, c.custom, c.sms_consent)
          is distinct from
          (w.first_name, w.last_name, w.email, w.phone, w.stage, w.timezone, w.state, w.postal_code,
           w.assigned_to, w.tags, w.custom, w.sms_consent)
    """
).bindparams(bindparam("ids", type_=ARRAY(Uuid)))


@dataclass(frozen=True, slots=True)
class Known:
    """A contact that is there, as far as one is known again by it."""

    id: UUID
    email: str | None
    phone: str | None
    email_opt_out: bool
    sms_opt_out: bool


async def take_turns(session: Session) -> None:
    """Let no other import of the company run until the transaction is over, or both add the same contact."""
    await plan_for_lists(session)
    key = func.hashtextextended(f"import of contacts {session.scope.tenant_id}", 0)
    await session.execute(select(func.pg_advisory_xact_lock(key)))


async def plan_for_lists(session: Session) -> None:
    """Have the transaction's statements planned for the very lists that they get.

    A plan for lists of any kind compares each contact with each address.
    """
    await set_for_now(session, "plan_cache_mode", "force_custom_plan")


async def silence_events(session: Session) -> None:
    """What changes until the end of the transaction raises no events."""
    await set_for_now(session, "app.events", "off")


async def find_contacts_at(
    session: Session, emails: Iterable[str], phones: Iterable[str]
) -> list[Known]:
    """The contacts who have one of these addresses or numbers, the newest last."""
    columns = (
        Contact.id,
        Contact.email,
        Contact.phone,
        Contact.email_opt_out,
        Contact.sms_opt_out,
    )
    rows = await session.execute(
        select(*columns)
        .where(
            ~Contact.is_deleted,
            _is_one_of(Contact.email, emails) | _is_one_of(Contact.phone, phones),
        )
        .order_by(Contact.created_at, Contact.id)
    )
    return [Known(*row) for row in rows]


async def find_users(session: Session, names: Iterable[str]) -> dict[str, UUID]:
    """The users who have one of these ids or e-mail addresses, all in lower case; by both of them."""
    id_text, email, wanted = cast(User.id, String), func.lower(User.email), list(names)
    rows = await session.execute(
        select(User.id, email).where(_is_one_of(id_text, wanted) | _is_one_of(email, wanted))
    )
    return {name: user_id for user_id, email in rows for name in (str(user_id), email)}


async def add_contacts(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """New contacts. Raises what `db.rows.add` raises."""
    with explained():
        await session.execute(_ADD, {"rows": _json(rows)})


async def update_contacts(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Set what is said of contacts, add their tags, and touch none that says so already."""
    # Of a company that has only just come the planner thinks that it has one contact, and would compare each with each.
    async with avoiding(session, "nestloop"):
        with explained():
            ids = [row["id"] for row in rows]
            await session.execute(_UPDATE, {"rows": _json(rows), "ids": ids})


def _is_one_of(
    column: ColumnExpressionArgument[str | None], values: Iterable[str]
) -> ColumnElement[bool]:
    return any_(bindparam(None, list(values), ARRAY(String))) == column


def _json(rows: Sequence[Mapping[str, Any]]) -> str:
    return json.dumps(rows, default=str)
