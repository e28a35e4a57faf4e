"""Conditions: what may be asked, what the answer is, and that no data can break the asking."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.conditions import (
    ConditionError,
    Facts,
    Operator,
    evaluate,
    explain,
    parse_conditions,
)
from domain.errors import Location
from domain.fields import (
    FIELD_NAMES,
)

Raw = dict[str, object]

NOW = datetime(2026, 3, 10, 15, 0, tzinfo=UTC)
OWNER = "6f1c5a52-8f0a-4c61-9d5e-3a2f8d1f0b11"
MARIA: Facts = {
    "contact": {
        "first_name": "Maria",
        "last_name": " ",
        "stage": "Estimate Sent",
        "postal_code": "07030",
        "tags": ["VIP", "hail"],
        "sms_consent": True,
        "assigned_to": UUID(OWNER),
        "created_at": NOW - timedelta(days=3),
    },
    "project": {"estimate_amount": Decimal("12000.00"), "custom": {"pitch": "8"}},
    "custom": {
        "roof": "Slate",
        "squares": "24.50",
        "zip": "07030",
        "floors": 2,
        "inspected": "2026-03-10",
        "solar": "true",
        "layers": ["tar", "felt"],
    },
    "enrollment": {"emails_opened": 2, "goal_achieved": False},
    "event": {"event_name": "quote", "address": {"city": "Tulsa"}},
}
TWINS: dict[object, str] = {
    "equals": "not_equals",
    "contains": "not_contains",
    "in": "not_in",
    "is_set": "is_not_set",
}

scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
json = st.recursive(
    scalars | st.sampled_from([*Operator, *sorted(FIELD_NAMES), "custom.roof"]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["all", "any", "not", "field", "x"]), inner, max_size=3)
    ),
    max_leaves=12,
)
anything = (
    scalars
    | st.datetimes()
    | st.datetimes(timezones=st.timezones())
    | st.dates()
    | st.decimals(allow_nan=True)
    | st.uuids()
    | st.binary(max_size=4)
    | st.lists(scalars, max_size=3)
    | st.dictionaries(st.text(max_size=3), scalars, max_size=3)
)
found = st.dictionaries(
    st.sampled_from(sorted({name.split(".")[1] for name in FIELD_NAMES} | {"roof", "squares"})),
    anything,
)
scope = found | anything
facts = st.just(MARIA) | st.fixed_dictionaries(
    {},
    optional={"contact": scope, "project": scope, "custom": scope, "enrollment": scope}
    | {"event": scope},
)


def parses(raw: object) -> bool:
    try:
        parse_conditions(raw)
    except ConditionError:
        return False
    return True


VALUES: list[object] = [None, True, False, 0, 2, 24.5, "24.5", 12000, "Slate", "VIP", "e", "07030"]
VALUES += ["2026-03-01", "2026-03-10T15:00:00Z", OWNER, ["hail", "Slate", "24.5"], [12000, 2]]
COMPARISONS: list[Raw] = [
    raw
    for field in (*sorted(FIELD_NAMES), "custom.roof", "custom.squares", "event.a.b")
    for operator in Operator
    for value in VALUES
    if parses(raw := {"field": field, "operator": operator, "value": value})
]
comparisons = st.sampled_from(COMPARISONS)
conditions = st.recursive(
    comparisons,
    lambda inner: (
        st.builds(lambda items: {"all": items}, st.lists(inner, max_size=3))
        | st.builds(lambda items: {"any": items}, st.lists(inner, max_size=3))
        | st.builds(lambda item: {"not": item}, inner)
    ),
    max_leaves=5,
)


def holds(raw: object, about: Facts = MARIA) -> bool:
    return evaluate(parse_conditions(raw), about, NOW)


def ask(field: str, operator: str, value: object = None) -> bool:
    return holds({"field": field, "operator": operator, "value": value})


@pytest.mark.parametrize(
    ("field", "operator", "value"),
    [
        ("contact.first_name", "equals", " MARIA "),
        ("contact.stage", "in", ["won", "estimate sent"]),
        ("contact.stage", "starts_with", "estimate"),
        ("contact.stage", "ends_with", "SENT"),
        ("contact.stage", "contains", "mate"),
        ("contact.tags", "contains", "vip"),
        ("contact.tags", "not_contains", "vi"),
        ("contact.assigned_to", "equals", OWNER.upper()),
        ("contact.sms_consent", "equals", True),
        ("contact.last_name", "is_not_set", None),
        ("contact.last_name", "not_equals", "Lopez"),
        ("contact.last_name", "not_in", ["Lopez"]),
        ("contact.created_at", "within_last_days", 3),
        ("contact.created_at", "before", "2026-03-10"),
        ("contact.created_at", "after", "2026-03-07T16:30:00+02:00"),
        ("project.estimate_amount", "greater_than", 10000),
        ("project.estimate_amount", "equals", "12000"),
        ("project.estimate_amount", "in", [1, 12000.0]),
        ("project.custom.pitch", "less_or_equal", 8),
        ("project.stage", "is_not_set", None),
        ("custom.squares", "greater_or_equal", 24.5),
        ("custom.squares", "equals", 24.5),
        ("custom.floors", "equals", "2"),
        ("custom.solar", "equals", True),
        ("custom.zip", "not_equals", "7030"),
        ("custom.layers", "contains", "felt"),
        ("custom.inspected", "within_last_days", 1),
        ("custom.inspected", "after", "2026-03-09T23:59:59Z"),
        ("contact.custom.roof", "equals", "slate"),
        ("enrollment.emails_opened", "greater_or_equal", 2),
        ("enrollment.goal_achieved", "equals", False),
        ("event.event_name", "equals", "quote"),
        ("event.address.city", "equals", "tulsa"),
    ],
)
def test_maria_meets_the_condition(field: str, operator: str, value: object) -> None:
    assert ask(field, operator, value)


@pytest.mark.parametrize(
    ("field", "operator", "value"),
    [
        ("contact.last_name", "equals", "Lopez"),
        ("contact.email_opt_out", "equals", False),
        ("contact.created_at", "within_last_days", 2.9),
        ("contact.updated_at", "before", "2030-01-01"),
        ("custom.roof", "greater_than", 1),
        ("custom.roof", "before", "2030-01-01"),
        ("custom.layers", "equals", "tar"),
        ("custom.floors", "contains", "2"),
        ("project.stage", "in", ["won"]),
        ("event.address", "equals", "Tulsa"),
        ("enrollment.enrolled_at", "is_set", None),
    ],
)
def test_unset_and_ill_typed_fields_compare_as_false(
    field: str, operator: str, value: object
) -> None:
    assert not ask(field, operator, value)


def test_what_lies_ahead_is_not_within_the_last_days() -> None:
    ahead = {"custom": {"visit": date(2026, 3, 11)}}
    assert not holds({"field": "custom.visit", "operator": "within_last_days", "value": 5}, ahead)


def test_all_of_nothing_is_everyone_and_any_of_nothing_is_nobody() -> None:
    assert holds({"all": []}, {})
    assert holds([], {})
    assert not holds({"any": []}, {})


ROOF: Raw = {"field": "custom.roof", "operator": "is_set"}


@pytest.mark.parametrize(
    ("raw", "location", "message"),
    [
        ({}, (), "must be a list"),
        (None, (), "must be a list"),
        ({"all": [], "any": []}, (), "must be a list"),
        ({"all": {}}, ("all",), "must be a list"),
        ({"not": 3}, ("not",), "must be a list"),
        ([{"field": "contact.x", "operator": "is_set"}], (0, "field"), "not a known field"),
        ([{"field": "contact.id", "operator": "is_set"}], (0, "field"), "not a known field"),
        ([{"field": "custom.", "operator": "is_set"}], (0, "field"), "not a known field"),
        ([{"field": "custom.a"}], (0, "operator"), "must be one of equals"),
        ({"any": [{**ROOF, "operator": "like"}]}, ("any", 0, "operator"), "must be one of"),
        ({**ROOF, "valeu": 1}, ("valeu",), "is unknown"),
        ({**ROOF, "value": 1}, ("value",), "takes no value"),
        ({**ROOF, "operator": "equals"}, ("value",), "is required"),
        ({**ROOF, "operator": "equals", "value": " "}, ("value",), "not blank"),
        ({**ROOF, "operator": "in", "value": "a"}, ("value",), "must be a list of"),
        ({**ROOF, "operator": "in", "value": []}, ("value",), "must be a list of"),
        ({**ROOF, "operator": "before", "value": "soon"}, ("value",), "ISO 8601"),
        ({**ROOF, "operator": "before", "value": 20260101}, ("value",), "ISO 8601"),
        ({**ROOF, "operator": "within_last_days", "value": 0}, ("value",), "above 0"),
        ({**ROOF, "operator": "greater_than", "value": "x"}, ("value",), "must be a number"),
        ({**ROOF, "operator": "greater_than", "value": True}, ("value",), "must be a number"),
        ({**ROOF, "operator": "greater_than", "value": float("nan")}, ("value",), "number"),
    ],
)
def test_a_mistake_is_refused_and_located(raw: object, location: Location, message: str) -> None:
    with pytest.raises(ConditionError) as refused:
        parse_conditions(raw)
    (problem,) = refused.value.errors
    assert problem.location == location
    assert message in problem.message


@pytest.mark.parametrize(
    ("field", "operator", "value"),
    [
        ("contact.first_name", "greater_than", 3),
        ("contact.tags", "equals", "vip"),
        ("contact.sms_consent", "contains", "t"),
        ("contact.created_at", "equals", "2026-01-01"),
        ("project.estimate_amount", "starts_with", "1"),
        ("contact.assigned_to", "contains", "6f"),
        ("contact.assigned_to", "equals", "Bob"),
        ("contact.sms_consent", "equals", "yes"),
        ("enrollment.emails_sent", "in", ["many"]),
        ("contact.stage", "equals", 3),
    ],
)
def test_an_operator_or_value_that_does_not_suit_the_field_is_refused(
    field: str, operator: str, value: object
) -> None:
    assert not parses({"field": field, "operator": operator, "value": value})


def test_every_mistake_is_told_at_once() -> None:
    with pytest.raises(ConditionError) as refused:
        parse_conditions({"all": [{"field": "x", "operator": "y"}, {"not": {"any": [ROOF, 7]}}]})
    assert [problem.location for problem in refused.value.errors] == [
        ("all", 0, "field"),
        ("all", 0, "operator"),
        ("all", 1, "not", "any", 1),
    ]


def test_depth_and_size_are_limited() -> None:
    deep: Raw = ROOF
    for _ in range(10):
        deep = {"not": deep}
    assert parses(deep)
    assert not parses({"not": deep})
    assert parses([ROOF] * 100)
    assert not parses([ROOF] * 101)
    assert not parses([[]] * 1_000)


@settings(max_examples=200)
@given(raw=json | st.fixed_dictionaries({"field": json, "operator": json, "value": json}))
def test_any_json_is_a_condition_or_a_condition_error(raw: object) -> None:
    parses(raw)


@settings(max_examples=200)
@given(raw=conditions, about=facts)
def test_no_facts_can_break_the_evaluation(raw: object, about: Facts) -> None:
    condition = parse_conditions(raw)
    truth = evaluate(condition, about, NOW)
    text = explain(condition, about, NOW)
    assert len(text) <= 1_000
    assert text.endswith(("true" if truth else "false", "…"))


@given(raw=conditions, about=facts)
def test_not_not_is_nothing(raw: object, about: Facts) -> None:
    assert holds({"not": {"not": raw}}, about) == holds(raw, about)


@given(items=st.lists(conditions, max_size=3), about=facts)
def test_de_morgan(items: list[object], about: Facts) -> None:
    negated = [{"not": item} for item in items]
    assert holds({"not": {"all": items}}, about) == holds({"any": negated}, about)
    assert holds({"not": {"any": items}}, about) == holds({"all": negated}, about)


@given(items=st.lists(conditions, max_size=3), about=facts)
def test_a_list_is_all(items: list[object], about: Facts) -> None:
    assert parse_conditions(items) == parse_conditions({"all": items})
    assert holds(items, about) == all(holds(item, about) for item in items)


@given(
    raw=st.sampled_from([raw for raw in COMPARISONS if raw["operator"] in TWINS]),
    about=facts,
)
def test_a_negative_operator_is_the_opposite_of_its_twin(raw: Raw, about: Facts) -> None:
    assert holds({**raw, "operator": TWINS[raw["operator"]]}, about) != holds(raw, about)


def test_an_explanation_tells_what_was_found() -> None:
    amount = {"field": "project.estimate_amount", "operator": "greater_than", "value": 10000}
    stage = {"field": "project.stage", "operator": "in", "value": ["won", "lost"]}
    assert explain(parse_conditions(amount), MARIA, NOW) == (
        "project.estimate_amount (12000.00) greater_than 10000: true"
    )
    assert explain(parse_conditions({"any": [stage, {"not": ROOF}]}), MARIA, NOW) == (
        "any [project.stage (not set) in won, lost: false; "
        "not [custom.roof (Slate) is_set: true]: false]: false"
    )
