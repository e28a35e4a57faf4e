"""Conditions as SQL say of every row what `evaluate` says of it, whatever the row holds."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert, literal, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import aliased

from db.condition_sql import compile_condition
from db.crm import newest_project
from db.session import Database
from db.tables import Base, Contact, Project
from domain.condition_parsing import OPERATORS
from domain.conditions import Condition, ConditionError, Facts, evaluate, parse_conditions
from domain.fields import FIELD_NAMES, Kind, find_field
from tests.db.companies import Company

Json = dict[str, Any]

NOW = datetime(2026, 3, 10, 15, 0, tzinfo=UTC)
OWNER = UUID("6f1c5a52-8f0a-4c61-9d5e-3a2f8d1f0b11")
_NUMBERS = "12 +012.50 -0 1e5 0x1f NaN Infinity 1_000 .5 5. 0.1 0.10 \u0663 \uff11\uff12"
_TIMES = """
2026-03-10 2026-02-30 20260310 2026-W10-2 0000-01-01 10.03.2026 now infinity 2026-03-10Z
2026-03-10T15 2026-03-10T15:00 2026-03-10T15:00Z 2026-03-10T17:00:00.0000009+0200
2026-03-10T14:59:59.9999999Z 2026-03-10T24:00Z 2026-03-10T15:00:60Z 2026-03-10T15:00+16:00
0001-01-01T00:00+15:59 9999-12-31T23:59-15:59
"""
_LETTERS = """
\u0130 i I \u0131 i\u0307 ß ẞ ΟΔΟΣ οδος οδοσ \u212a k ǅ ﬀ 𐐀 e\u0301 Slate slate % a_c a\\c '' true
False null []
"""
NUMBERS = [*_NUMBERS.split(), "9" * 30, "9" * 31, "9" * 30 + "." + "9" * 30]
TIMES = [
    *_TIMES.split(),
    "2026-03-10 15:00:00+00",
    "2026-03-10 15:00:00-05",
    "2026-03-10T15:00 UTC",
]
LETTERS = [*_LETTERS.split(), str(OWNER).upper(), "two words"]
PADDING = ["", " ", "\t\n", "\x1c\x1f", "\u2003", "\x85\u3000", "\u200b"]

known = st.characters(exclude_categories=("Cs", "Cn"), exclude_characters="\0")
words = st.sampled_from(NUMBERS + TIMES + LETTERS)
texts = st.builds("{}{}{}".format, st.sampled_from(PADDING), words, st.sampled_from(PADDING))
texts |= words.map(str.swapcase) | st.text(known, max_size=3) | st.sampled_from(PADDING)
numbers = st.sampled_from([0, -1, 12, 12.5, 0.1, 1e22, 5e-324, 10**40]) | st.integers(-20, 20)
scalars = texts | numbers | st.booleans() | st.none()
values = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["a", "b", "0"]), inner, max_size=2)
    ),
    max_leaves=4,
)
objects = st.dictionaries(st.sampled_from(["a", "b", "0"]), values, max_size=3)
moments = st.sampled_from([timedelta(0), timedelta(microseconds=1), timedelta(days=3)]).flatmap(
    lambda ago: st.sampled_from([NOW - ago, NOW + ago])
)
short = st.none() | texts.map(lambda text: text[:20])
contacts = st.fixed_dictionaries(
    {
        "first_name": short,
        "stage": short,
        "postal_code": short,
        "tags": st.lists(texts, max_size=3),
        "custom": objects,
        "sms_consent": st.booleans(),
        "created_at": moments,
    }
)
projects = st.fixed_dictionaries(
    {
        "name": short,
        "stage": short,
        "estimate_amount": st.sampled_from([None, Decimal(0), Decimal("12.50"), Decimal("NaN")]),
        "custom": objects,
        "created_at": moments,
    }
)

FIELDS = [*sorted(FIELD_NAMES), "custom.a", "custom.0", "custom.a.b", "custom.b.0"]
FIELDS += ["project.custom.a", "project.custom.a.0", "event.a", "event.b.a"]
OPEN = [name for name in FIELDS if name not in FIELD_NAMES]


@st.composite
def comparisons(draw: st.DrawFn) -> Json:
    name = draw(st.sampled_from(FIELDS) | st.sampled_from(OPEN))
    field = find_field(name)
    assert field
    operator = draw(st.sampled_from(sorted(OPERATORS[field.kind])))
    value = {
        "is_set": st.none(),
        "is_not_set": st.none(),
        "in": st.lists(texts | numbers | st.booleans(), min_size=1, max_size=4),
        "not_in": st.lists(texts | numbers | st.booleans(), min_size=1, max_size=4),
        "before": st.sampled_from(TIMES),
        "after": st.sampled_from(TIMES),
        "within_last_days": st.sampled_from([1, 3, 0.5, 36_500]),
    }.get(operator, texts | numbers | st.booleans() | st.just(str(OWNER)))
    return {"field": name, "operator": operator, "value": draw(value)}


def parses(raw: object) -> bool:
    try:
        parse_conditions(raw)
    except ConditionError:
        return False
    return True


sound = comparisons().filter(parses)
trees = st.recursive(
    sound,
    lambda inner: (
        st.builds(lambda items: {"all": items}, st.lists(inner, max_size=3))
        | st.builds(lambda items: {"any": items}, st.lists(inner, max_size=3))
        | st.builds(lambda item: {"not": item}, inner)
    ),
    max_leaves=4,
)


def columns(row: Base | None) -> Json | None:
    return (
        row
        if row is None
        else {column.key: getattr(row, column.key) for column in row.__table__.columns}
    )


async def differences(
    database: Database,
    company: Company,
    rows: Sequence[tuple[Json, Json | None]],
    event: Json,
    conditions: Sequence[Condition],
) -> list[tuple[Condition, Facts, bool]]:
    """Where SQL and Python do not say the same; the rows are gone afterwards."""
    project = aliased(Project)
    async with database.transaction(company.engine()) as session:
        ids = []
        for contact, of_contact in rows:
            row = {"tenant_id": company.id, **contact}
            ids.append(await session.scalar(insert(Contact).values(row).returning(Contact.id)))
            if of_contact is not None:
                row = {"tenant_id": company.id, "contact_id": ids[-1], **of_contact}
                await session.execute(insert(Project).values(row))
        compiled = [
            compile_condition(condition, NOW, project=project, event=literal(event, JSONB)).label(
                f"answer_{number}"
            )
            for number, condition in enumerate(conditions)
        ]
        found = await session.execute(
            select(Contact, project, *compiled)
            .outerjoin(project, project.id == newest_project(Contact.id))
            .where(Contact.id.in_(ids))
        )
        wrong: list[tuple[Condition, Facts, bool]] = []
        for contact_row, project_row, *answers in found.unique():
            facts: Facts = {
                "contact": columns(contact_row),
                "project": columns(project_row),
                "custom": contact_row.custom,
                "event": event,
            }
            wrong += [
                (condition, facts, answer)
                for condition, answer in zip(conditions, answers, strict=True)
                if answer is not evaluate(condition, facts, NOW)
            ]
        await session.rollback()
    return wrong


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    rows=st.lists(st.tuples(contacts, st.none() | projects), min_size=1, max_size=4),
    event=objects,
    raw=st.lists(sound | trees, min_size=1, max_size=30),
)
async def test_any_condition_on_any_row_has_the_same_answer_in_sql(
    database: Database,
    ridge: Company,
    rows: list[tuple[Json, Json | None]],
    event: Json,
    raw: list[object],
) -> None:
    conditions = [parse_conditions(one) for one in raw]
    assert await differences(database, ridge, rows, event, conditions) == []


CUSTOM: list[object] = [*NUMBERS, *TIMES, *LETTERS, 12, 12.5, -0.0, True, False, None]
CUSTOM += [[], {}, ["slate"], ["İ", 12, "12", None, [], True], [[]], {"a": 1}, "", *PADDING]
ASKED = [*NUMBERS, *TIMES, *LETTERS, 12, 12.5, True]


@pytest.mark.parametrize("operator", sorted(OPERATORS[Kind.ANY]))
async def test_each_nasty_value_compares_the_same_with_each_other(
    database: Database, ridge: Company, operator: str
) -> None:
    rows: list[tuple[Json, Json | None]] = [({"custom": {"a": value}}, None) for value in CUSTOM]
    raw = [
        {"field": "custom.a", "operator": operator, "value": value}
        for value in [None, 3, *ASKED, *([one] for one in ASKED)]
    ]
    conditions = [parse_conditions(one) for one in raw if parses(one)]
    assert conditions
    assert await differences(database, ridge, rows, {}, conditions) == []


@pytest.mark.parametrize("days", [1, 2])
async def test_newest_project_stands_for_a_contact(
    database: Database, ridge: Company, days: int
) -> None:
    project = aliased(Project)
    async with database.transaction(ridge.engine()) as session:
        row = {"tenant_id": ridge.id}
        contact_id = await session.scalar(insert(Contact).values(row).returning(Contact.id))
        for name, age in (("old", 1), ("new", 0), ("older", days)):
            values = {"contact_id": contact_id, "created_at": NOW - timedelta(days=age)}
            await session.execute(insert(Project).values({**row, **values, "name": name}))
        names = await session.scalars(
            select(project.name)
            .select_from(Contact)
            .outerjoin(project, project.id == newest_project(Contact.id))
            .where(Contact.id == contact_id)
        )
        assert names.all() == ["new"]
        await session.rollback()
