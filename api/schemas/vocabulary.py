"""What texts, conditions and triggers may name."""

from api.schemas.common import Shape
from domain.condition_tree import Operator, Takes
from domain.fields import Kind


class Variable(Shape):
    """What may stand between braces in a text: `{{ name }}`."""

    name: str
    label: str
    group: str


class ConditionField(Shape):
    """What a condition may ask for, and how. `values` are all that it can hold, where they are few."""

    name: str
    label: str
    type: Kind
    operators: list[Operator]
    values: list[str] | None


class KnownEvent(Shape):
    """What a trigger may listen to."""

    name: str
    label: str


class ConditionOperator(Shape):
    """How a condition compares. `takes` says with what: `value` is one of the field's type, `days` a number of them."""

    name: Operator
    label: str
    takes: Takes


class Vocabulary(Shape):
    """All of it, in plain English, the company's own custom fields and events included."""

    variables: list[Variable]
    fields: list[ConditionField]
    events: list[KnownEvent]
    operators: list[ConditionOperator]
