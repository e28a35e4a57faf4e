"""What pydantic found wrong, as the API tells it: one error a field, at the field's own path."""

from collections.abc import Iterable

from pydantic_core import ErrorDetails

from domain.errors import FieldProblem

_OF_A_NAME = "[key]"
"""Where pydantic ends the path of a dictionary's key."""


def field_problems(errors: Iterable[ErrorDetails]) -> list[FieldProblem]:
    """The first error of each field, in words that are not pydantic's own."""
    found: dict[tuple[str | int, ...], FieldProblem] = {}
    for error in errors:
        place = error["loc"][:-1] if error["loc"][-1:] == (_OF_A_NAME,) else error["loc"]
        found.setdefault(place, FieldProblem(place, error["msg"].removeprefix("Value error, ")))
    return list(found.values())
