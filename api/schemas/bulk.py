"""What is asked for many contacts or enrollments at once."""

from dataclasses import asdict
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import Field, model_validator

from api.schemas.common import Body, Shape
from db.bulk_forecast import Forecast
from domain.enums import ExitReason
from domain.errors import Invalid
from services.bulk import MAX_IDS, Whom
from services.bulk_actions import Action

Ids = Annotated[list[UUID], Field(min_length=1, max_length=MAX_IDS)]


class BulkEnroll(Body):
    """Whom to enroll: `contact_ids`, or all who fit the `filter`, a condition on the contact."""

    contact_ids: Ids | None = None
    filter: Any = None

    @model_validator(mode="after")
    def _one_of_them(self) -> Self:
        _check_one("contact_ids", self.contact_ids, self.filter)
        return self

    @property
    def whom(self) -> Whom:
        """As the services take it."""
        return Whom(self.contact_ids, self.filter)


class RefusedFor(Shape):
    """How many would be refused for the same reason; `code` is that of a single refusal."""

    code: str
    count: int


class EnrollPreview(Shape):
    """What enrolling would come to at this moment.

    Of `total` contacts so many are `enrollable`, and of these `held_out` get nothing of the campaign. Of the others
    so many have no e-mail address, no phone number, or have a number without consent to texts on record: the steps that
    send there would be skipped.
    """

    total: int
    enrollable: int
    held_out: int
    refused: list[RefusedFor]
    without_email: int
    without_phone: int
    without_sms_consent: int


class EnrollPreviewAnswer(Shape):
    """One preview. Nobody is enrolled by it."""

    preview: EnrollPreview

    @classmethod
    def of(cls, forecast: Forecast) -> Self:
        """What the services have found; the most frequent reason first."""
        by_count = sorted(forecast.refused.items(), key=lambda item: (-item[1], item[0]))
        refused = [RefusedFor(code=code, count=count) for code, count in by_count]
        return cls(preview=EnrollPreview(**{**asdict(forecast), "refused": refused}))


class EnrollmentsAction(Body):
    """What to do to which enrollments.

    They are `enrollment_ids`, or those that are not over and whose contacts fit the `filter`. `move` takes the
    `step_id` at which they wait from now on, `exit` a `reason` if it is not `manual_remove`.
    """

    action: Action
    enrollment_ids: Ids | None = None
    filter: Any = None
    step_id: UUID | None = None
    reason: ExitReason | None = None

    @model_validator(mode="after")
    def _fits_the_action(self) -> Self:
        _check_one("enrollment_ids", self.enrollment_ids, self.filter)
        if self.action is Action.MOVE and self.step_id is None:
            raise Invalid.field("step_id", "must say where to move them")
        if self.action is not Action.MOVE and self.step_id is not None:
            raise Invalid.field("step_id", "is only for move")
        if self.action is not Action.EXIT and self.reason is not None:
            raise Invalid.field("reason", "is only for exit")
        return self

    @property
    def whom(self) -> Whom:
        """As the services take it."""
        return Whom(self.enrollment_ids, self.filter)


def _check_one(name: str, ids: list[UUID] | None, condition: object) -> None:
    if ids is None and condition is None:
        raise Invalid.field(name, 'must say whom, or a filter must; {"all": []} is everyone')
    if ids is not None and condition is not None:
        raise Invalid.field("filter", f"cannot be combined with {name}")
