"""Messages with variables: Liquid, in the sandbox of `liquid_sandbox`.

A variable that is unknown is refused, wherever it stands, when a step is saved. A known one that is
empty for this contact is false in `{% if %}`, gives way to `| default:`, and raises
`MissingVariable` when it would be printed: better no message than one that begins with "Hi ,".
"""

import inspect
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import chain

from liquid import BoundTemplate, Environment, Expression, Node, RenderContext
from liquid.builtin.expressions import Filter, FilteredExpression, StringLiteral
from liquid.builtin.expressions.arguments import KeywordArgument
from liquid.builtin.expressions.logical import EqExpression, NeExpression
from liquid.builtin.expressions.primitive import Blank, Empty, IntegerLiteral, RangeLiteral
from liquid.exceptions import LiquidError, LiquidSyntaxError
from liquid.static_analysis import Variable

from domain.fields import is_empty
from domain.liquid_sandbox import (
    MAX_LOOP,
    MissingVariable,
    check_shape,
    line_of,
    make_environment,
)
from domain.variables import similar_variable, variable_name

__all__ = [
    "MissingVariable",
    "TemplateError",
    "check_template",
    "render",
    "render_line",
    "variables_of",
]

_TEXT = make_environment(html=False)
_HTML = make_environment(html=True)
_LINE_BREAKS = re.compile(r"[\s\x00-\x1f\x7f-\x9f]+")


class TemplateError(ValueError):
    """A template that cannot be used as it is written.

    Attributes:
        variable: The unknown variable, where that is what is wrong.
    """

    def __init__(self, message: str, variable: str | None = None) -> None:
        super().__init__(message)
        self.variable = variable


def check_template(source: str) -> None:
    """Refuse a template that does not parse, or uses an unknown variable, filter or tag.

    Raises:
        TemplateError: The message is for the person who wrote the template.
    """
    _compile(source, html=False)


def variables_of(source: str) -> frozenset[str]:
    """The variables that a template reads from outside, such as `{"first_name", "custom.roof"}`.

    Raises:
        TemplateError: `check_template` would refuse it.
    """
    return _compile(source, html=False)[1]


def render(source: str, values: Mapping[str, object], *, html: bool) -> str:
    """Fill a template in. Line breaks come out as line feeds.

    Args:
        source: The template.
        values: By name, nested as templates read them: `{"first_name": "Ann", "project": {"name":
            "Roof", "custom": {}}}`. Money and dates come formatted. What is missing is empty.
        html: Escape every value.

    Raises:
        MissingVariable: A variable that is empty for this contact would be printed.
        TemplateError: The template cannot be used.
    """
    template, _ = _compile(source, html=html)
    try:
        return template.render(values)
    except MissingVariable:
        raise
    except LiquidError as error:
        raise TemplateError(_describe(error, source)) from error
    except Exception as error:
        # A filter raises whatever Python raises on a value it cannot take.
        raise TemplateError(f"cannot be rendered: {error}") from error


def render_line(source: str, values: Mapping[str, object]) -> str:
    """Fill a one-line text in: a subject, a title, a name. Raises what `render` raises.

    Line breaks and control characters become spaces, so that no value can add a header to an
    e-mail (RFC 5322, 2.2).
    """
    return _LINE_BREAKS.sub(" ", render(source, values, html=False)).strip()


@lru_cache(maxsize=512)
def _compile(source: str, *, html: bool) -> tuple[BoundTemplate, frozenset[str]]:
    """Parse and check once what is rendered for thousands of contacts."""
    if problem := check_shape(source):
        raise TemplateError(problem)
    environment = _HTML if html else _TEXT
    try:
        template = environment.from_string(source)
        for expression in _expressions(template):
            _prepare(expression, environment)
        analysis = template.analyze(include_partials=False)
    except LiquidError as error:
        raise TemplateError(_describe(error, source)) from error
    except RecursionError as error:
        raise TemplateError("nested too deeply") from error
    return template, frozenset(map(_known, chain.from_iterable(analysis.globals.values())))


def _known(variable: Variable) -> str:
    if name := variable_name(variable.segments):
        return name
    written = str(variable)
    similar = similar_variable(written)
    hint = f"; did you mean '{similar}'?" if similar else ""
    raise TemplateError(f"unknown variable '{written}'{hint}", written)


def _expressions(template: BoundTemplate) -> Iterator[Expression]:
    """Every expression of a template, outer ones first."""
    context = RenderContext(template)

    def below(expressions: Iterable[Expression]) -> Iterator[Expression]:
        for expression in expressions:
            yield expression
            yield from below(expression.children())

    def walk(nodes: Iterable[Node]) -> Iterator[Expression]:
        for node in nodes:
            yield from below(node.expressions())
            yield from walk(node.children(context, include_partials=False))

    return walk(template.nodes)


def _prepare(expression: Expression, environment: Environment) -> None:
    """Refuse what the parser lets through, and make empty values compare as empty."""
    match expression:
        case FilteredExpression(
            left=StringLiteral(value="now" | "today"), filters=[Filter(name="date"), *_]
        ):
            raise LiquidSyntaxError("a message has no clock", token=expression.token)
        case FilteredExpression(filters=filters):
            for applied in filters or ():
                _check_filter(applied, environment)
        case RangeLiteral(start=IntegerLiteral(value=start), stop=IntegerLiteral(value=stop)):
            if stop - start >= MAX_LOOP:
                too_long = f"a range of more than {MAX_LOOP:,} numbers"
                raise LiquidSyntaxError(too_long, token=expression.token)
        case RangeLiteral():
            not_plain = "a range takes two whole numbers, like (1..5)"
            raise LiquidSyntaxError(not_plain, token=expression.token)
        case EqExpression() | NeExpression():
            expression.left = _EmptyIsNil(expression.left)
            expression.right = _EmptyIsNil(expression.right)


def _check_filter(applied: Filter, environment: Environment) -> None:
    function = environment.filters.get(applied.name)
    if function is None:
        raise LiquidSyntaxError(f"there is no filter '{applied.name}'", token=applied.token)
    names = [arg.name for arg in applied.args if isinstance(arg, KeywordArgument)]
    given: dict[str, object] = dict.fromkeys(names)
    if getattr(function, "with_environment", False):
        given["environment"] = environment
    positional = [None] * (len(applied.args) - len(names))
    try:
        inspect.signature(function).bind(None, *positional, **given)
    except TypeError as error:
        message = f"filter '{applied.name}': {error}"
        raise LiquidSyntaxError(message, token=applied.token) from error


class _EmptyIsNil(Expression):
    """One side of `==` or `!=`: empty text, blank, nil and a missing variable are all equal.

    Without it `{% if custom.roof != blank %}` is true for a contact without a roof.
    """

    __slots__ = ("inner",)

    def __init__(self, inner: Expression) -> None:
        super().__init__(inner.token)
        self.inner = inner

    def __str__(self) -> str:
        return str(self.inner)

    def evaluate(self, context: RenderContext) -> object:
        value = self.inner.evaluate(context)
        return None if is_empty(value) or isinstance(value, Blank | Empty) else value

    def children(self) -> list[Expression]:
        return [self.inner]


def _describe(error: LiquidError, source: str) -> str:
    if error.token is None or error.token.start_index < 0:
        return str(error.message)
    return f"line {line_of(source, error.token.start_index)}: {error.message}"
