"""Enrollments and their timelines."""

from typing import Any
from uuid import UUID

from api.schemas.common import Body, Money, Page, Shape, Time
from domain.enums import (
    EnrollmentSource,
    EnrollmentStatus,
    ExecutionStatus,
    ExitReason,
    StepType,
)


class EnrollmentCreate(Body):
    """Whom to enroll; `project_id` is what the messages speak of, else the contact's newest."""

    contact_id: UUID
    project_id: UUID | None = None


class EnrollmentExit(Body):
    """Why the enrollment ends."""

    reason: ExitReason = ExitReason.MANUAL_REMOVE


class EnrolledContact(Shape):
    """Whom an enrollment is of."""

    id: UUID
    first_name: str | None
    last_name: str | None
    email: str | None
    phone: str | None


class Enrollment(Shape):
    """A contact in a campaign. `why` says in words what it waits for, or why it has ended.

    One of the holdout (`is_holdout`) gets nothing: it is over from the start, as `exited`/`held_out`.
    """

    id: UUID
    campaign_id: UUID
    contact_id: UUID
    contact: EnrolledContact
    project_id: UUID | None
    status: EnrollmentStatus
    exit_reason: ExitReason | None
    enrollment_source: EnrollmentSource
    is_holdout: bool
    current_step_id: UUID | None
    current_step_order: int | None
    next_step_scheduled_at: Time | None
    steps_completed: int
    emails_sent: int
    emails_opened: int
    emails_clicked: int
    sms_sent: int
    sms_replied: int
    tasks_created: int
    goal_achieved: bool
    goal_achieved_at: Time | None
    revenue_attributed: Money
    enrolled_by: UUID | None
    enrolled_at: Time
    last_step_executed_at: Time | None
    exited_at: Time | None
    completed_at: Time | None
    why: str | None


class Execution(Shape):
    """One visit of a step. `error_message` also says why a step was skipped, `variant` which one was sent.

    `why` says in words why it ran, did not run, or waits: the rule, the values, the time.
    """

    id: UUID
    step_id: UUID
    step_type: StepType
    status: ExecutionStatus
    variant: str | None
    scheduled_at: Time
    started_at: Time | None
    completed_at: Time | None
    result_data: dict[str, Any] | None
    error_message: str | None
    why: str | None
    opened_at: Time | None
    clicked_at: Time | None
    replied_at: Time | None
    delivered_at: Time | None
    bounced_at: Time | None
    unsubscribed_at: Time | None


class EnrollmentDetail(Enrollment):
    """An enrollment with its timeline, in the order of the visits.

    `temporal_url` is its workflow in Temporal's own pages; null where those are not known (`TEMPORAL_UI_URL`), or where
    it has none, as it is held out.
    """

    executions: list[Execution]
    temporal_url: str | None


class EnrollmentAnswer(Shape):
    """One enrollment."""

    enrollment: Enrollment


class EnrollmentDetailAnswer(Shape):
    """One enrollment with its timeline."""

    enrollment: EnrollmentDetail


class EnrollmentList(Page):
    """Enrollments, newest first."""

    enrollments: list[Enrollment]
