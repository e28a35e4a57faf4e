"""Which events a trigger takes, and which dates it may count from."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.enums import TriggerType
from domain.fields import Kind
from domain.triggers import check_config, date_field, event_name_of, takes

Json = dict[str, Any]

NOW = datetime(2026, 5, 4, 15, tzinfo=UTC)
HAIL = "hail_reported"


def stage_trigger(to_stage: str, from_stage: str | None = None, entity: str = "contact") -> Json:
    return {"entity_type": entity, "from_stage": from_stage, "to_stage": to_stage}


def enters(config: Json, before: object, after: object, entity: str = "contact") -> bool:
    """Whether the trigger takes this change of a stage."""
    stored = check_config(TriggerType.STAGE_CHANGE, config)
    properties = {"from_stage": before, "to_stage": after}
    return takes(TriggerType.STAGE_CHANGE, stored, f"{entity}_stage_changed", properties, NOW)


def heard(filters: object, properties: Json, name: str = HAIL) -> bool:
    """Whether a trigger with these filters takes an event with these properties."""
    config = {"event_name": HAIL, "event_filters": filters}
    stored = json.loads(json.dumps(check_config(TriggerType.EVENT, config)))
    return takes(TriggerType.EVENT, stored, name, properties, NOW)


@pytest.mark.parametrize(
    ("trigger_type", "config", "name"),
    [
        (TriggerType.STAGE_CHANGE, stage_trigger("won"), "contact_stage_changed"),
        (TriggerType.STAGE_CHANGE, stage_trigger("won", None, "project"), "project_stage_changed"),
        (TriggerType.EVENT, {"event_name": " signed "}, "signed"),
        (
            TriggerType.TIME_BASED,
            {"relative_to": "created_at", "delay_value": 30, "delay_unit": "days"},
            None,
        ),
        (TriggerType.MANUAL, {"manual": True}, None),
    ],
)
def test_trigger_listens_to_one_event_or_to_none(
    trigger_type: TriggerType, config: Json, name: str | None
) -> None:
    stored = check_config(trigger_type, config)
    assert event_name_of(trigger_type, stored) == name
    for other in ("contact_stage_changed", "project_stage_changed", "signed", "Signed", "created"):
        properties = {"from_stage": "new", "to_stage": "won"}
        assert takes(trigger_type, stored, other, properties, NOW) == (other == name)


@pytest.mark.parametrize(
    ("wanted", "before", "after", "taken"),
    [
        (("won", None), "new", "won", True),
        (("won", None), None, "won", True),
        ((" Won ", None), "new", "wON", True),
        (("won", None), "won", "lost", False),
        (("won", None), "new", None, False),
        (("won", "new"), " NEW", "won", True),
        (("won", "new"), "cold", "won", False),
        (("won", "new"), None, "won", False),
        (("won", None), "Won", "won ", False),
        (("won", None), "", "won", True),
    ],
)
def test_stage_change_is_taken_where_the_stages_are_those(
    wanted: tuple[str, str | None], before: str | None, after: str | None, *, taken: bool
) -> None:
    assert enters(stage_trigger(*wanted), before, after) is taken


def test_stage_of_the_other_entity_is_none_of_the_triggers_business() -> None:
    assert not enters(stage_trigger("won"), "new", "won", entity="project")
    assert not enters(stage_trigger("won", entity="project"), "new", "won", entity="contact")


stages = st.text(max_size=8) | st.sampled_from(["new", "NEW ", "won", " Won", "", " "])
texts = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=8)
values = texts.filter(str.strip) | st.integers(-(10**9), 10**9) | st.booleans()
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)


@given(before=st.none() | stages, after=st.none() | stages, wanted=stages.filter(str.strip))
def test_stage_is_entered_once_however_it_is_spelled(
    before: str | None, after: str | None, wanted: str
) -> None:
    """Who is there does not enter, and who enters is there."""
    config = stage_trigger(wanted)
    entered = enters(config, before, after)
    assert entered == enters(config, before and f" {before} ", after and f"{after}  ")
    assert not (entered and enters(config, after, wanted))
    assert not (entered and enters(config, before, before))


@pytest.mark.parametrize(
    ("filters", "properties", "taken"),
    [
        (None, {}, True),
        ({}, {"size": 5}, True),
        ([], {}, True),
        ({"size": "large"}, {"size": " Large"}, True),
        ({"size": "large"}, {"size": "small"}, False),
        ({"size": "large"}, {}, False),
        ({"size": "large", "roofs": 2}, {"size": "large", "roofs": 2.0}, True),
        ({"size": "large", "roofs": 2}, {"size": "large", "roofs": 3}, False),
        ({"roofs": 2}, {"roofs": "2"}, True),
        ({"code": "07030"}, {"code": "7030"}, False),
        ({"insured": True}, {"insured": True}, True),
        ({"insured": True}, {"insured": False}, False),
        ({"size": ["large", "huge"]}, {"size": "HUGE"}, True),
        ({"size": ["large", "huge"]}, {"size": "small"}, False),
        ({"address.city": "Denver"}, {"address": {"city": "denver"}}, True),
        ({"size": "large"}, {"size": ["large"]}, False),
        ({"field": "north"}, {"field": "North"}, True),
        ({"any": "hail", "all": "roof"}, {"any": "hail", "all": "roof"}, True),
        (
            [{"field": "event.amount", "operator": "greater_than", "value": 100}],
            {"amount": "250"},
            True,
        ),
        (
            {"field": "event.amount", "operator": "less_than", "value": 100},
            {"amount": 250},
            False,
        ),
        (
            {
                "any": [
                    {"field": "event.a", "operator": "is_set"},
                    {"field": "event.b", "operator": "is_set"},
                ]
            },
            {"b": 0},
            True,
        ),
        ({"not": {"field": "event.a", "operator": "is_set"}}, {"a": 1}, False),
        ({"all": [{"field": "event.event_name", "operator": "equals", "value": HAIL}]}, {}, True),
        (
            [{"field": "event.seen", "operator": "within_last_days", "value": 2}],
            {"seen": "2026-05-03"},
            True,
        ),
        (
            [{"field": "event.seen", "operator": "within_last_days", "value": 2}],
            {"seen": "2026-05-01"},
            False,
        ),
    ],
)
def test_event_is_taken_where_its_properties_are_those(
    filters: object, properties: Json, *, taken: bool
) -> None:
    assert heard(filters, properties) is taken
    assert not heard(filters, properties, name="hail_reported_again")


@given(st.dictionaries(st.sampled_from(["size", "roofs", "hail", "a b"]), values, min_size=1))
def test_event_with_the_wanted_properties_is_taken_and_one_that_lacks_any_is_not(
    wanted: Json,
) -> None:
    assert heard(wanted, {**wanted, "other": 1})
    assert heard({name: ["other", value] for name, value in wanted.items()}, wanted)
    for missing in wanted:
        assert not heard(wanted, {**wanted, missing: None})


@given(st.dictionaries(st.text(max_size=8) | st.sampled_from(["from_stage", "to_stage"]), anything))
def test_whatever_a_client_says_of_an_event_it_is_taken_or_not(properties: Json) -> None:
    for trigger_type, config in (
        (TriggerType.STAGE_CHANGE, stage_trigger("won", "new")),
        (TriggerType.EVENT, {"event_name": "x", "event_filters": {"size": "large", "a.b": [1, 2]}}),
    ):
        stored = check_config(trigger_type, config)
        name = event_name_of(trigger_type, stored)
        assert name
        assert takes(trigger_type, stored, name, properties, NOW) in (True, False)


@pytest.mark.parametrize(
    ("written", "name", "path", "kind"),
    [
        ("created_at", "contact.created_at", ("contact", "created_at"), Kind.DATETIME),
        ("updated_at", "contact.updated_at", ("contact", "updated_at"), Kind.DATETIME),
        ("contact.created_at", "contact.created_at", ("contact", "created_at"), Kind.DATETIME),
        ("project.updated_at", "project.updated_at", ("project", "updated_at"), Kind.DATETIME),
        ("custom.inspected", "custom.inspected", ("custom", "inspected"), Kind.ANY),
        ("contact.custom.roof age", "custom.roof age", ("custom", "roof age"), Kind.ANY),
        ("project.custom.due", "project.custom.due", ("project", "custom", "due"), Kind.ANY),
    ],
)
def test_date_is_the_contacts_unless_the_project_is_named(
    written: str, name: str, path: tuple[str, ...], kind: Kind
) -> None:
    field = date_field(written)
    assert (field.name, field.path, field.kind) == (name, path, kind)


@pytest.mark.parametrize(
    "written",
    ["", "stage", "contact.stage", "project.estimate_amount", "enrollment.enrolled_at",
     "enrolled_at", "event.seen", "custom.", "custom", "project.created", "CREATED_AT", "replied"],
)  # fmt: skip
def test_what_is_no_date_of_a_contact_or_a_project_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match="is no"):
        date_field(written)
