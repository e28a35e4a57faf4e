"""What the steps that send a message may hold: its content, and variants of it that are tested against each other."""

from collections.abc import Iterator, Sequence
from typing import Annotated, Any, ClassVar, Self
from uuid import UUID

from pydantic import AfterValidator, Field, PlainSerializer

from domain.config_parts import Config, Line, Template
from domain.errors import FieldProblem
from domain.experiments import Metric, choose
from domain.fields import normalise_email
from domain.text_segments import MAX_TEXT_LENGTH


def _constant(name: str) -> str:
    if "{" in name:
        raise ValueError("a name is the same for every contact: it takes no {{ variables }}")
    return name


def _plain(weight: float) -> int | float:
    """60 stays 60, and does not become 60.0."""
    return int(weight) if weight.is_integer() else weight


Body = Annotated[Template, Field(max_length=MAX_TEXT_LENGTH)]
Weight = Annotated[
    float, Field(strict=True, ge=0, le=1_000_000, allow_inf_nan=False), PlainSerializer(_plain)
]


class Variant(Config):
    """One of the contents that are tested against each other. What it does not say, the step says.

    Of the enrollments that come to the step, `weight` out of the sum of all weights get it; nobody if it is 0.
    """

    name: Annotated[str, Field(min_length=1, max_length=100), AfterValidator(_constant)]
    weight: Weight = 1

    @property
    def content(self) -> dict[str, Any]:
        """What it says by itself."""
        return self.model_dump(exclude={"name", "weight"}, exclude_none=True)


class EmailVariant(Variant):
    """A variant of an e-mail."""

    subject: Line | None = None
    html: Template | None = None
    text: Template | None = None


class TextVariant(Variant):
    """A variant of a text."""

    body: Body | None = None


class Message(Config):
    """What e-mails and texts have in common: content of their own or a message template's, and variants.

    `metric` is what a variant is to bring about, and what decides which of them is the best (`judged_by`). With
    `choose_winner` the best is sent to everybody, once the numbers say which it is.
    """

    said: ClassVar[Sequence[str]]
    """The fields that are content."""
    metrics: ClassVar[frozenset[Metric]]

    template_id: UUID | None = None
    metric: Metric | None = None
    choose_winner: Annotated[bool, Field(strict=True)] = False

    @property
    def tested(self) -> Sequence[Variant]:
        """The variants, none where nothing is tested."""
        raise NotImplementedError

    @property
    def judged_by(self) -> Metric:
        """What counts as a success of a variant."""
        raise NotImplementedError

    def choice(self, winner: str | None, drawn: float) -> str | None:
        """The variant that an enrollment gets which has drawn a number in [0, 1); None where nothing is tested."""
        names = [variant.name for variant in self.tested]
        if not names:
            return None
        if self.choose_winner and winner in names:
            return winner
        return names[choose([variant.weight for variant in self.tested], drawn)]

    def as_variant(self, name: str | None) -> Self:
        """The message as this variant has it; as the step has it where there is no such variant."""
        found = next((variant for variant in self.tested if variant.name == name), None)
        return self._saying(found) if found else self

    def problems(self) -> Iterator[FieldProblem]:
        """Content is there once, whichever variant is sent; what belongs to a test goes with one."""
        if self.template_id:
            for name in self.said:
                if getattr(self, name) is not None:
                    yield FieldProblem((name,), "goes without a template_id only")
        elif not self.tested:
            yield from self._missing()
        if self.tested:
            yield from self._test_problems()
        else:
            for name in ("metric", "choose_winner"):
                if getattr(self, name):
                    yield FieldProblem((name,), "goes with variants only")

    def _test_problems(self) -> Iterator[FieldProblem]:
        if self.metric and self.metric not in self.metrics:
            known = " or ".join(sorted(self.metrics))
            yield FieldProblem(("metric",), f"must be {known} for this channel")
        if not any(variant.weight for variant in self.tested):
            yield FieldProblem(("variants",), "one weight at least must be more than zero")
        names: set[str] = set()
        for index, variant in enumerate(self.tested):
            if variant.name.casefold() in names:
                yield FieldProblem(("variants", index, "name"), "is the name of another variant")
            names.add(variant.name.casefold())
            if self.template_id is None:
                for problem in self._saying(variant)._missing():  # noqa: SLF001 — its own kind
                    yield FieldProblem(("variants", index, *problem.location), problem.message)

    def _saying(self, variant: Variant) -> Self:
        return self.model_copy(update=variant.content)

    def _missing(self) -> Iterator[FieldProblem]:
        """What a message cannot do without."""
        raise NotImplementedError


class SendEmail(Message):
    """An e-mail."""

    said = ("subject", "html", "text")
    metrics = frozenset(Metric)

    subject: Line | None = None
    html: Template | None = None
    text: Template | None = None
    from_name: Line | None = None
    reply_to: Annotated[str, AfterValidator(normalise_email)] | None = None
    preheader: Line | None = None
    variants: Annotated[list[EmailVariant], Field(min_length=2, max_length=10)] | None = None

    @property
    def tested(self) -> Sequence[EmailVariant]:
        """The variants, none where nothing is tested."""
        return self.variants or ()

    @property
    def judged_by(self) -> Metric:
        """Opens where the variants differ in their subjects alone, which can do no more; else clicks."""
        differ = any(variant.html or variant.text for variant in self.tested)
        return self.metric or (Metric.CLICKED if differ else Metric.OPENED)

    def _missing(self) -> Iterator[FieldProblem]:
        if self.subject is None:
            yield FieldProblem(("subject",), "is required, or a template_id in its place")
        if self.html is None and self.text is None:
            yield FieldProblem(("html",), "html or text is required, or a template_id")


class SendSms(Message):
    """A text, with pictures where `media_urls` names any."""

    said = ("body",)
    metrics = frozenset({Metric.REPLIED})

    body: Body | None = None
    media_urls: Annotated[list[str], Field(max_length=10)] = []
    variants: Annotated[list[TextVariant], Field(min_length=2, max_length=10)] | None = None

    @property
    def tested(self) -> Sequence[TextVariant]:
        """The variants, none where nothing is tested."""
        return self.variants or ()

    @property
    def judged_by(self) -> Metric:
        """Replies: nobody learns what else becomes of a text."""
        return Metric.REPLIED

    def problems(self) -> Iterator[FieldProblem]:
        """Content is there once; Twilio fetches pictures by http."""
        yield from super().problems()
        for index, url in enumerate(self.media_urls):
            if not url.startswith("https://"):
                yield FieldProblem(("media_urls", index), "must be an https URL")

    def _missing(self) -> Iterator[FieldProblem]:
        if self.body is None:
            yield FieldProblem(("body",), "is required, or a template_id in its place")
