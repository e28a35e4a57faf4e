"""Previews of steps."""

from collections.abc import Sequence
from typing import Any, Literal

from api.schemas.common import Shape
from api.schemas.test_runs import ForContact, SentMessage, TestContent
from domain.enums import StepType
from domain.text_segments import segments
from services import previews
from services.previews import Saying
from services.test_messages import Receipt


class PreviewCreate(ForContact):
    """What is to be shown, and to whom: a contact, or one that is made up, with the fields of a new one.

    `send_to` is the address that gets it as a test, each variant by itself: an e-mail address or a phone number, as
    the step sends.
    """

    step_type: StepType
    step_config: dict[str, Any]


class Shown(Shape):
    """What the contact would get; `content` is empty where that cannot be rendered.

    A text is billed as so many `segments`, in that `encoding`. `skipped` says in words why this contact would not get
    it, null if it would: a provider need not be configured, and its window not be open.
    """

    content: TestContent
    segments: int | None
    encoding: Literal["GSM-7", "UCS-2"] | None
    skipped: str | None


class ShownVariant(Shown):
    """What those would get who get this variant."""

    name: str


class Preview(Shown):
    """What the step says to the contact. Where variants are tested it is the first of them."""

    variants: list[ShownVariant]


class PreviewAnswer(Shape):
    """One preview. Nothing of it is kept. `sent` tells what became of what went to `send_to`."""

    preview: Preview
    sent: list[SentMessage] | None

    @classmethod
    def of(
        cls, step_type: StepType, found: previews.Preview, sent: Sequence[Receipt] | None
    ) -> "PreviewAnswer":
        """What the services have found."""
        variants = [
            ShownVariant(name=each.variant, **_shown(step_type, each))
            for each in found.sayings
            if each.variant is not None
        ]
        return cls(
            preview=Preview(variants=variants, **_shown(step_type, found.sayings[0])),
            sent=None if sent is None else list(map(SentMessage.model_validate, sent)),
        )


def _shown(step_type: StepType, saying: Saying) -> dict[str, Any]:
    content = TestContent.of(saying.content or {})
    is_text = step_type is StepType.SEND_SMS and content.body is not None
    size = segments(content.body or "") if is_text else None
    return {
        "content": content,
        "segments": size.count if size else None,
        "encoding": size.encoding if size else None,
        "skipped": saying.skipped,
    }
