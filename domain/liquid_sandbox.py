"""Liquid made safe for templates that tenants write: what python-liquid leaves open is closed here.

- No files, no other templates, no clock (`now`, `today`), filters and tags from a list.
- The lexer's time grows with the square of an unclosed `{{`, and with that of white space in one:
  `check_shape` refuses such text before the lexer sees it.
- `replace` and `join` can square the size of a text, and filters walk a range before any limit
  counts: all are bounded.
- In HTML every value is escaped. The filters that undo that (`safe`) are not in the list.
"""

import re
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any, Final

from liquid import BoundTemplate, Environment, RenderContext, Token, Undefined, soft_str
from liquid.exceptions import FilterArgumentError
from liquid.undefined import UNDEFINED

from domain.fields import is_empty

MAX_SOURCE: Final = 200_000
"""Characters of a template. Gmail clips a message at 102 kB."""
MAX_OUTPUT: Final = 500_000
"""Bytes of a rendered message, and of what one filter makes."""
MAX_LOOP: Final = 1_000
"""Iterations of a loop, all levels multiplied."""
_MAX_EXPRESSIONS = 1_000
_MAX_EXPRESSION = 1_000

_OPENING = re.compile(r"\{[{%]")
_LONG_GAP = re.compile(r"\s{50}")
_VERBATIM = re.compile(r"\{%-?\s*(raw|doc)\b")

_FILTERS = frozenset(
    """
    append capitalize downcase escape lstrip newline_to_br prepend remove remove_first replace
    replace_first rstrip slice split squish strip strip_newlines truncate truncatewords upcase
    url_encode abs at_least at_most ceil divided_by floor minus modulo plus round times
    compact first join last map reverse size sort where date default
    """.split()  # noqa: SIM905 a table of words, not forty lines of quotes
)
_WITHOUT_TAGS = frozenset({"include", "render", "tablerow"})


class MissingVariable(Exception):  # noqa: N818 it is an outcome, the step is skipped, not an error
    """A known variable that is empty for this contact would be printed.

    Attributes:
        name: The variable as the template writes it, `project.estimate_amount`.
    """

    def __init__(self, name: str) -> None:
        super().__init__(f"{name} is empty")
        self.name = name


def check_shape(source: str) -> str | None:
    """Say what is wrong with a source that the lexer must not see; None where it is fine."""
    if len(source) > MAX_SOURCE:
        return f"longer than {MAX_SOURCE:,} characters"
    for number, opening in enumerate(_OPENING.finditer(source), start=1):
        problem = _problem_at(source, opening.start())
        if number > _MAX_EXPRESSIONS:
            problem = f"more than {_MAX_EXPRESSIONS:,} variables and tags"
        if problem:
            return f"line {line_of(source, opening.start())}: {problem}"
    return None


def line_of(source: str, index: int) -> int:
    """The number of the line that a character stands on, from 1."""
    return source.count("\n", 0, index) + 1


def _problem_at(source: str, start: int) -> str | None:
    opening = source[start : start + 2]
    closing = "}}" if opening == "{{" else "%}"
    end = source.find(closing, start + 2, start + 2 + _MAX_EXPRESSION)
    if end < 0:
        return f"'{opening}' is not closed by '{closing}' within {_MAX_EXPRESSION:,} characters"
    if _LONG_GAP.search(source, start, end):
        return f"too much white space inside '{opening}'"
    if verbatim := _VERBATIM.match(source, start):
        return f"there is no tag '{verbatim.group(1)}'"
    return None


def make_environment(*, html: bool) -> Environment:
    """Build the sandbox; with `html` every value that is printed is escaped."""
    environment = _Environment(autoescape=html)
    for tag in _WITHOUT_TAGS:
        del environment.tags[tag]
    filters = environment.filters | {"date": _date, "replace": _replace}
    filters["join"] = _bounded_join(filters["join"])
    environment.filters = {
        name: filters[name] if name == "default" else _of_nothing_nothing(filters[name])
        for name in _FILTERS
    }
    return environment


class _Missing(Undefined):
    """An empty variable: false, gives way to `default`, cannot be printed."""

    __slots__ = ()
    force_liquid_default = True  # asked for by the `default` filter

    def __str__(self) -> str:
        raise MissingVariable(self.name)


class _Context(RenderContext):
    """Finds variables; an empty one that came from outside the template is missing.

    What the template itself assigned may be empty: it is printed as nothing.
    """

    def get(
        self, path: list[object], *, token: Token | None, default: object = UNDEFINED
    ) -> object:
        if default is not UNDEFINED:
            return super().get(path, token=token, default=default)
        value = super().get(path, token=token, default=None)
        given = path[0] in self.globals and path[0] not in self.locals
        if value is None or (given and is_empty(value)):
            return _Missing(_written(path), token=token)
        return value


def _written(path: list[object]) -> str:
    steps = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return "".join(steps).removeprefix(".")


class _Template(BoundTemplate):
    context_class = _Context


class _Environment(Environment):
    template_class = _Template
    block_nesting_limit = 10
    context_depth_limit = 15
    loop_iteration_limit = MAX_LOOP
    local_namespace_limit = MAX_OUTPUT
    output_stream_limit = MAX_OUTPUT


def _of_nothing_nothing(function: Callable[..., Any]) -> Callable[..., Any]:
    """Let a missing value pass through a filter, so that a later `default` can still help it."""

    @wraps(function)
    def filtered(value: object, *args: object, **kwargs: object) -> object:
        for operand in (value, *args, *kwargs.values()):
            if isinstance(operand, _Missing):
                return operand
        return function(value, *args, **kwargs)

    return filtered


def _date(value: object, form: object) -> str:
    """Write an ISO 8601 date or time in another form; what is none is left as it is."""
    try:
        moment = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    except ValueError:
        return str(value)
    return moment.strftime(str(form))


def _replace(value: object, search: object, replacement: object = "") -> str:
    # soft_str keeps what is marked as HTML marked, so that nothing is escaped twice.
    text, old, new = soft_str(value), soft_str(search), soft_str(replacement)
    _check_growth(text.count(old) * len(new))
    return text.replace(old, new)


def _bounded_join(join: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(join)
    def bounded(value: object, separator: object = " ", **kwargs: object) -> object:
        items = len(value) if isinstance(value, list | tuple) else 1
        _check_growth(items * len(str(separator)))
        return join(value, separator, **kwargs)

    return bounded


def _check_growth(size: int) -> None:
    if size > MAX_OUTPUT:
        raise FilterArgumentError("the text grows too long", token=None)
