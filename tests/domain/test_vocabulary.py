"""Editors offer exactly what is accepted."""

import pytest

from domain import events, fields, vocabulary
from domain.condition_parsing import OPERATORS, parse_conditions
from domain.condition_tree import Operator, Takes
from domain.conditions import ConditionError
from domain.fields import Kind
from domain.rendering import check_template, render, variables_of
from domain.variables import ALL_NAMED

KEYS = ["roof_age", "roof age", "roof-age", "Höhe", "2nd", 'a "b"', "it's", "a.b", "}}", "x" * 100]

_VALUES = {
    Takes.NOTHING: None,
    Takes.NUMBER: 3,
    Takes.TEXT: "roof",
    Takes.TIME: "2026-03-01",
    Takes.DAYS: 7,
}
_OF_KIND = {
    Kind.BOOLEAN: True,
    Kind.INTEGER: 3,
    Kind.MONEY: 3,
    Kind.ID: "5f0c1a52-7f4e-4a87-9d7c-0d0c4c7a2b11",
}


def test_every_variable_is_offered_once() -> None:
    offered = [each.name for each in vocabulary.variables({})]
    assert len(offered) == len(set(offered))
    assert set(offered) | set(vocabulary.SYNONYMS) == ALL_NAMED
    assert set(vocabulary.SYNONYMS.values()) <= set(offered)


def test_every_field_is_offered_with_its_operators() -> None:
    offered = {each.name: each for each in vocabulary.fields({})}
    assert offered.keys() == fields.FIELD_NAMES
    for each in offered.values():
        assert set(each.operators) == OPERATORS[each.type]


def test_every_operator_is_offered() -> None:
    assert [each.name for each in vocabulary.operators()] == list(Operator)


def test_every_event_of_the_rules_is_offered() -> None:
    named = {
        value
        for name, value in vars(events).items()
        if name.isupper() and not name.startswith("_") and isinstance(value, str)
    }
    assert {each.name for each in vocabulary.events([])} >= named
    assert "deal_won" in named


def test_labels_are_told_apart() -> None:
    for offered in (
        [each.label for each in vocabulary.fields({})],
        [each.label for each in vocabulary.variables({})],
        [each.label for each in vocabulary.events([])],
        [each.label for each in vocabulary.operators()],
    ):
        assert len(offered) == len(set(offered))
        assert all(label and not label.startswith(" ") for label in offered)


@pytest.mark.parametrize("each", vocabulary.operators(), ids=lambda each: each.name)
def test_operator_takes_what_it_says_from_every_field_that_has_it(
    each: vocabulary.ConditionOperator,
) -> None:
    asked = vocabulary.fields({"contact": ["roof_age"]})
    for field in [field for field in asked if each.name in field.operators]:
        value = _VALUES.get(each.takes, _OF_KIND.get(field.type, "roof"))
        given = [value] if each.takes is Takes.VALUES else value
        parse_conditions({"field": field.name, "operator": each.name, "value": given})
        wrong = "x" if each.takes is Takes.NOTHING else None
        with pytest.raises(ConditionError):
            parse_conditions({"field": field.name, "operator": each.name, "value": wrong})


def test_custom_field_is_offered_as_templates_and_conditions_read_it() -> None:
    custom: vocabulary.CustomNames = {"contact": KEYS, "project": ["roof_age"]}

    own = [each for each in vocabulary.variables(custom) if "ustom" in each.group]
    assert {"custom.roof_age", 'custom["roof age"]', "project.custom.roof_age"} <= {
        each.name for each in own
    }
    for each in own:
        source = f"{{{{ {each.name} }}}}"
        check_template(source)
        assert len(variables_of(source)) == 1
    offered = {each.name for each in vocabulary.fields(custom)}
    assert {"custom.roof_age", "custom.roof age", "project.custom.roof_age"} <= offered
    assert "custom.a.b" not in offered


@pytest.mark.parametrize("key", KEYS)
def test_variable_of_a_custom_field_says_what_the_field_holds(key: str) -> None:
    own = [each for each in vocabulary.variables({"contact": [key]}) if "ustom" in each.group]
    for each in own:
        said = render(f"{{{{ {each.name} }}}}", {"custom": {key: "slate"}}, html=False)
        assert said == "slate"
    assert own or set(key) & set('"{}')


def test_events_of_the_company_are_offered_after_the_systems() -> None:
    offered = vocabulary.events({"roof_inspected", "deal_won"})
    assert (offered[-1].name, offered[-1].label) == ("roof_inspected", "Roof inspected")
    assert len(offered) == len(vocabulary.EVENTS) + 1
