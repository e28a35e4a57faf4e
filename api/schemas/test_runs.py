"""Test runs."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Annotated, Any, Final, Literal, Self
from uuid import UUID

from pydantic import BeforeValidator, Field, WithJsonSchema, field_validator, model_validator

from api.schemas.common import Body, Label, Shape, Time, TimeIn
from api.schemas.crm import ContactBody
from domain.enums import Channel, EnrollmentStatus, ExecutionStatus, ExitReason, StepType
from domain.errors import Invalid
from services.test_messages import Receipt, Recipient, Status
from services.test_runs import Entry, Run

_FIRST_START: Final = datetime(2000, 1, 1, tzinfo=UTC)
_LAST_START: Final = datetime(2100, 1, 1, tzinfo=UTC)

_MAX_ADDRESS: Final = 320

_SHOWN_AS: Final = {
    ExecutionStatus.COMPLETED: "done",
    ExecutionStatus.SKIPPED: "skipped",
    ExecutionStatus.FAILED: "failed",
}
_STANDS_IN: Final = {"title": "subject", "text": "body", "message": "body", "description": "body"}
"""What of a step's content a reader finds in which place."""


def _recipient(value: object) -> Recipient:
    if not isinstance(value, str) or len(value) > _MAX_ADDRESS:
        raise ValueError("must be an e-mail address or a phone number")
    return Recipient.read(value)


SendTo = Annotated[
    Recipient,
    BeforeValidator(_recipient),
    WithJsonSchema({"type": "string", "maxLength": _MAX_ADDRESS}),
]
"""An e-mail address, or a phone number."""


class Assumed(Body):
    """What happens at a step: `opened`, `clicked`, `replied` or `unsubscribed` of its message, or an event by its name.

    It happens as soon as the step is done; at a step that waits for an event, as soon as it waits.
    """

    step_id: UUID
    event: Label


class ForContact(Body):
    """For whom: a contact, or one that is made up, with the fields of a new one."""

    contact_id: UUID | None = None
    contact: ContactBody | None = None
    send_to: SendTo | None = None

    @model_validator(mode="after")
    def _one_contact(self) -> Self:
        if (self.contact_id is None) == (self.contact is None):
            raise Invalid.field("contact_id", "is required, or a contact in its place")
        return self

    @property
    def subject(self) -> UUID | dict[str, Any]:
        """The contact, or the values of the one that is made up."""
        return self.contact.given() if self.contact else self.contact_id or {}


class TestRunCreate(ForContact):
    """Who is to walk: a contact, or one that is made up, with the fields of a new one. It begins now, by default.

    `send_to` is an e-mail address, which gets the e-mails, or a phone number, which gets the texts.
    """

    start_at: TimeIn | None = None
    assume: Annotated[list[Assumed], Field(max_length=100)] = []

    @field_validator("start_at")
    @classmethod
    def _within_reach(cls, moment: datetime | None) -> datetime | None:
        if moment and not _FIRST_START <= moment <= _LAST_START:
            raise ValueError("must lie between the years 2000 and 2100")
        return moment


class TestContent(Shape):
    """What a step says: an e-mail (`body` is its plain text), a text, a task, a notification, or to a webhook."""

    subject: str | None = None
    html: str | None = None
    body: str | None = None
    media_urls: list[str] = []
    method: str | None = None
    url: str | None = None

    @classmethod
    def of(cls, content: Mapping[str, Any]) -> "TestContent":
        """The content that the engine has prepared."""
        shown = {_STANDS_IN.get(name, name): value for name, value in content.items()}
        body = shown.get("body")
        if body is not None and not isinstance(body, str):
            shown["body"] = json.dumps(body)
        return cls.model_validate(shown)


class TestEntry(Shape):
    """What became of a step.

    `local_at` is the time on the clocks of the contact's schedule. `branch` is the way that a conditional went,
    `variant` the variant that an A/B test has drawn for this run. `result` is what an execution's `result_data` would
    hold. `why` says in words by which rule, values and times it came out so.
    """

    step_id: UUID
    step_type: StepType
    at: Time
    local_at: str
    status: Literal["done", "skipped", "failed"]
    content: TestContent
    branch: bool | None
    variant: str | None
    result: dict[str, Any]
    why: str


class SentMessage(Shape):
    """What has become of a message that was sent as a test.

    One that is `queued` waits for its provider, for five minutes at most; of the `unknown` nobody can tell.
    """

    id: UUID | None
    channel: Channel
    status: Status
    error: str | None


class SentTest(SentMessage):
    """The message of a step that was sent as a test."""

    step_id: UUID


class TestOutcome(Shape):
    """How the walk ended. One that is too long to be shown is broken off, and still `active`."""

    status: EnrollmentStatus
    exit_reason: ExitReason | None
    at: Time


class TestRun(Shape):
    """The walk, step by step, and with `send_to` what was sent there."""

    entries: list[TestEntry]
    outcome: TestOutcome
    sent: list[SentTest] | None


class TestRunAnswer(Shape):
    """One test run. Nothing of it is kept."""

    test_run: TestRun

    @classmethod
    def of(cls, run: Run, sent: Sequence[Receipt] | None) -> "TestRunAnswer":
        """What the services have found."""
        return cls(
            test_run=TestRun(
                entries=list(map(_shown, run.entries)),
                outcome=TestOutcome(status=run.status, exit_reason=run.exit_reason, at=run.at),
                sent=None if sent is None else list(map(SentTest.model_validate, sent)),
            )
        )


def _shown(entry: Entry) -> TestEntry:
    return TestEntry(
        step_id=entry.step_id,
        step_type=entry.step_type,
        at=entry.at,
        local_at=entry.at.isoformat(),
        status=_SHOWN_AS[entry.status],
        content=TestContent.of(entry.content),
        branch=entry.branch,
        variant=entry.variant,
        result=dict(entry.result),
        why=entry.why,
    )
