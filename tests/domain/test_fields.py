"""The fields of contacts and projects: what a step may write, and the form in which it is stored."""

from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.fields import (
    MAX_MONEY,
    Entity,
    FieldError,
    check_timezone,
    check_writable,
    coerce,
    normalise_email,
    normalise_phone,
)

OWNER = "6f1c5a52-8f0a-4c61-9d5e-3a2f8d1f0b11"


@pytest.mark.parametrize(
    ("entity", "field", "value", "stored"),
    [
        ("contact", "first_name", "  Ana ", "Ana"),
        ("contact", "last_name", " ", None),
        ("contact", "email", " Ana.Lopez@Example.COM ", "ana.lopez@example.com"),
        ("contact", "phone", "(214) 555-0134", "+12145550134"),
        ("contact", "phone", "+44 20 7946 0958", "+442079460958"),
        ("contact", "phone", "214-555-0134 ext. 12 ", "+12145550134"),
        ("contact", "timezone", "America/Denver", "America/Denver"),
        ("contact", "assigned_to", OWNER, UUID(OWNER)),
        ("contact", "custom.roof age", 12, 12),
        ("project", "estimate_amount", "$12,000.5", Decimal("12000.50")),
        ("project", "monthly_payment", 99, Decimal("99.00")),
        ("project", "monthly_payment", None, None),
    ],
)
def test_a_written_value_takes_its_stored_form(
    entity: Entity, field: str, value: object, stored: object
) -> None:
    assert coerce(entity, field, value) == stored


@pytest.mark.parametrize(
    ("entity", "field", "value"),
    [
        ("contact", "first_name", "x" * 256),
        ("contact", "first_name", 7),
        ("contact", "email", "ana@"),
        ("contact", "phone", "555-0134"),
        ("contact", "phone", "call me"),
        ("contact", "phone", "214-555-ROOF"),
        ("contact", "timezone", "Denver"),
        ("contact", "timezone", "America"),
        ("contact", "assigned_to", "Bob"),
        ("contact", "custom.roof", {"a": 1}),
        ("contact", "custom.roof", float("nan")),
        ("project", "name", ""),
        ("project", "estimate_amount", -1),
        ("project", "estimate_amount", "1.234"),
        ("project", "estimate_amount", "12,00"),
        ("project", "estimate_amount", True),
        ("project", "estimate_amount", float("inf")),
        ("project", "estimate_amount", 10**12),
    ],
)
def test_a_value_that_the_field_cannot_take_is_refused(
    entity: Entity, field: str, value: object
) -> None:
    with pytest.raises(FieldError):
        coerce(entity, field, value)


@pytest.mark.parametrize(
    ("entity", "field"),
    [
        *[("contact", name) for name in ("id", "tenant_id", "tags", "created_at", "shoe_size")],
        *[("contact", name) for name in ("email_opt_out", "sms_opt_out", "sms_consent")],
        ("contact", "custom."),
        ("contact", "custom.a.b"),
        ("project", "contact_id"),
        ("project", "first_name"),
    ],
)
def test_a_step_may_not_write_the_field(entity: Entity, field: str) -> None:
    with pytest.raises(FieldError):
        check_writable(entity, field)


@given(text=st.text(max_size=30))
def test_any_text_is_normalised_once_and_for_all_or_refused(text: str) -> None:
    for normalise in (normalise_email, normalise_phone, check_timezone):
        try:
            once = normalise(text)
        except ValueError:
            continue
        assert normalise(once) == once


@given(amount=st.decimals(0, MAX_MONEY, places=2))
def test_money_survives_being_written_for_people(amount: Decimal) -> None:
    assert coerce("project", "estimate_amount", f"${amount:,.2f}") == amount
