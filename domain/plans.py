"""What the workflow and those who call it say to each other. Frozen; a new field needs a default.

Histories keep these for weeks: they hold ids, times and words about steps, and nothing about a person but the
first name and initial of the summary.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from domain.enums import EnrollmentStatus, ExitReason, JobStatus, StepType

QUEUE = "campaigns"
"""Workflows, and the steps whose effect lies in our own database."""

PROVIDER_QUEUES = {
    StepType.SEND_EMAIL: "campaigns-email",
    StepType.SEND_SMS: "campaigns-sms",
    StepType.WEBHOOK: "campaigns-webhook",
}
"""One queue for each provider, so that each has its own rate and none waits for another."""


@dataclass(frozen=True, slots=True)
class EnrollmentRef:
    """Names an enrollment."""

    tenant_id: UUID
    enrollment_id: UUID


@dataclass(frozen=True, slots=True)
class Plan:
    """What an enrollment does next, as its row says.

    `wake_at` is when to look at the step, None to wait for a signal. `label` names the step, `why` says
    in words what it waits for, `happened` what the last activity did.
    """

    status: EnrollmentStatus
    visit: int
    wake_at: datetime | None = None
    queue: str = QUEUE
    label: str = ""
    why: str = ""
    happened: str = ""
    exit_reason: ExitReason | None = None

    @property
    def over(self) -> bool:
        """Whether the enrollment has ended."""
        return self.status not in (EnrollmentStatus.ACTIVE, EnrollmentStatus.PAUSED)


@dataclass(frozen=True, slots=True)
class EnrollmentStart:
    """The argument of `EnrollmentWorkflow`; also what it hands on when it continues as new."""

    ref: EnrollmentRef
    plan: Plan
    story: tuple[str, ...] = ()
    summary: str = ""


@dataclass(frozen=True, slots=True)
class Visit:
    """Run the step that the enrollment waits for. `wake_at` is the time for which it was planned.

    `error` says why it is given up.
    """

    ref: EnrollmentRef
    visit: int
    wake_at: datetime | None = None
    error: str = ""


@dataclass(frozen=True, slots=True)
class Request:
    """What an operator asked for by a signal: `pause`, `resume`, or `exit` with a reason."""

    action: str
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Look:
    """Carry out what operators asked for, then look at the row and plan again."""

    ref: EnrollmentRef
    requests: tuple[Request, ...] = ()


@dataclass(frozen=True, slots=True)
class EnrollmentResult:
    """How an enrollment ended."""

    status: EnrollmentStatus
    exit_reason: ExitReason | None


@dataclass(frozen=True, slots=True)
class StartWorkflow:
    """A committed enrollment wants its workflow."""

    start: EnrollmentStart
    campaign_id: UUID
    contact_id: UUID


@dataclass(frozen=True, slots=True)
class RefreshWorkflow:
    """A workflow is to look at its row again."""

    enrollment_id: UUID


@dataclass(frozen=True, slots=True)
class AwaitAttempts:
    """Whoever pauses waits until no request to a provider is under way any more: of these, or of the whole campaign."""

    campaign_id: UUID
    enrollment_ids: Sequence[UUID] | None = None


@dataclass(frozen=True, slots=True)
class MessageRef:
    """Names a message that a person wrote, or a test run, or that is about a user's account."""

    tenant_id: UUID
    message_id: UUID
    is_test: bool = False
    is_about_account: bool = False


@dataclass(frozen=True, slots=True)
class MessageStart:
    """The argument of `MessageWorkflow`. `queue` is that of the provider.

    `worth_seconds` is how long it is worth sending, None for as long as it is safe to try.
    """

    ref: MessageRef
    queue: str
    worth_seconds: float | None = None


@dataclass(frozen=True, slots=True)
class MessageEnd:
    """Give a message up, because of `error`."""

    ref: MessageRef
    error: str


@dataclass(frozen=True, slots=True)
class StartMessage:
    """A committed message wants its workflow; one that no person wrote is to no contact."""

    start: MessageStart
    contact_id: UUID | None


@dataclass(frozen=True, slots=True)
class JobRef:
    """Names a job."""

    tenant_id: UUID
    job_id: UUID


@dataclass(frozen=True, slots=True)
class JobProgress:
    """How far a job has come: `done` and `failed` of `total` items."""

    kind: str
    status: JobStatus
    total: int
    done: int
    failed: int

    @property
    def over(self) -> bool:
        """Whether nothing more is to be done."""
        return self.status is not JobStatus.RUNNING


@dataclass(frozen=True, slots=True)
class JobEnd:
    """End a job that is not through: as `status`, and because of `error` where it failed."""

    ref: JobRef
    status: JobStatus
    error: str = ""


@dataclass(frozen=True, slots=True)
class StartJob:
    """A committed job wants its workflow."""

    ref: JobRef
    kind: str


AfterCommit = StartWorkflow | RefreshWorkflow | AwaitAttempts | StartMessage | StartJob
"""What is left to do once a transaction is committed."""
