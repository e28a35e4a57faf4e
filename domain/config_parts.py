"""What configurations are made of: the base of all of them, and texts that are checked when they are saved."""

from collections.abc import Iterator
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from domain.errors import FieldProblem
from domain.rendering import TemplateError, check_template


def _parses(source: str) -> str:
    try:
        check_template(source)
    except TemplateError as error:
        raise ValueError(str(error)) from error
    return source


Template = Annotated[str, Field(min_length=1, max_length=100_000), AfterValidator(_parses)]
Line = Annotated[str, Field(min_length=1, max_length=998), AfterValidator(_parses)]
"""One line: RFC 5322 allows a header line 998 characters."""


class Config(BaseModel):
    """What every configuration shares: unknown fields are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)

    def problems(self) -> Iterator[FieldProblem]:
        """What is wrong between fields."""
        yield from ()
