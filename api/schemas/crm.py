"""Contacts, projects, tasks and notifications."""

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import (
    Field,
    ValidationError,
    ValidatorFunctionWrapHandler,
    WrapValidator,
    field_validator,
)

from api.paging import Limit, Offset
from api.schemas.common import (
    Body,
    Email,
    Flag,
    Label,
    Long,
    Money,
    MoneyIn,
    Page,
    Part,
    Phone,
    Shape,
    Short,
    Time,
    TimeIn,
    Zone,
    reject_null,
)

TaskStatus = Literal["open", "completed", "cancelled"]


def _in_one_error(value: object, check: ValidatorFunctionWrapHandler) -> object:
    try:
        return check(value)
    except ValidationError:
        message = "must be a text, a number, true, false, null, or a list of texts"
        raise ValueError(message) from None


CustomValue = Annotated[str | int | float | bool | list[str] | None, WrapValidator(_in_one_error)]
Custom = Annotated[dict[Label, CustomValue], Field(max_length=200)]
Tags = Annotated[list[Label], Field(max_length=200)]


def _each_once(tags: list[str]) -> list[str]:
    return list(dict.fromkeys(tags))


class ContactBody(Body):
    """A contact; in a PATCH what is to change. `custom` is replaced as a whole."""

    first_name: Short | None = None
    last_name: Short | None = None
    email: Email | None = None
    phone: Phone | None = None
    stage: Label | None = None
    tags: Tags = []
    custom: Custom = {}
    timezone: Zone | None = None
    state: Label | None = None
    postal_code: Annotated[str, Field(max_length=20)] | None = None
    assigned_to: UUID | None = None
    email_opt_out: Flag = False
    sms_opt_out: Flag = False
    sms_consent: Flag = False

    _once = field_validator("tags")(_each_once)


class Contact(Shape):
    """A homeowner."""

    id: UUID
    first_name: str | None
    last_name: str | None
    email: str | None
    phone: str | None
    stage: str | None
    tags: list[str]
    custom: dict[str, Any]
    timezone: str | None
    state: str | None
    postal_code: str | None
    assigned_to: UUID | None
    email_opt_out: bool
    sms_opt_out: bool
    sms_consent: bool
    created_at: Time
    updated_at: Time


class ContactSummary(Shape):
    """Who a contact is, and where it is reached."""

    id: UUID
    first_name: str | None
    last_name: str | None
    email: str | None
    phone: str | None


class ContactSearch(Body):
    """The contacts that fit the `filter`, a condition on the contact; `{"all": []}` is everyone."""

    filter: Any
    limit: Annotated[Limit, Field(strict=True)] = 50
    offset: Annotated[Offset, Field(strict=True)] = 0


class ContactAnswer(Shape):
    """One contact."""

    contact: Contact


class ContactList(Page):
    """Contacts, newest first."""

    contacts: list[Contact]


class ContactsFound(Part):
    """The contacts that fit, newest first."""

    contacts: list[Contact]


class ProjectFields(Body):
    """What may be set of a project."""

    name: Short | None = None
    stage: Label | None = None
    estimate_amount: MoneyIn | None = None
    monthly_payment: MoneyIn | None = None
    custom: Custom = {}


class ProjectCreate(ProjectFields):
    """A new project of a contact."""

    contact_id: UUID


class Project(Shape):
    """What a contact may buy."""

    id: UUID
    contact_id: UUID
    name: str | None
    stage: str | None
    estimate_amount: Money | None
    monthly_payment: Money | None
    custom: dict[str, Any]
    created_at: Time
    updated_at: Time


class ProjectAnswer(Shape):
    """One project."""

    project: Project


class ProjectList(Page):
    """Projects, newest first."""

    projects: list[Project]


class TaskFields(Body):
    """What may be set of a task."""

    activity_type: Literal["task"] = "task"
    activity_subtype: Label | None = None
    description: Long | None = None
    contact_id: UUID | None = None
    assigned_to: UUID | None = None
    due_at: TimeIn | None = None
    priority: Annotated[str, Field(min_length=1, max_length=50)] | None = None
    status: TaskStatus = "open"


class TaskCreate(TaskFields):
    """A new task."""

    title: Annotated[str, Field(min_length=1, max_length=500)]


class TaskPatch(TaskFields):
    """What is to change of a task."""

    title: Annotated[str, Field(min_length=1, max_length=500)] | None = None

    _not_null = field_validator("title", mode="before")(reject_null)


class Task(Shape):
    """Something to do for a person of the company."""

    id: UUID
    activity_type: str
    activity_subtype: str | None
    title: str
    description: str | None
    contact_id: UUID | None
    project_id: UUID | None
    assigned_to: UUID | None
    priority: str | None
    status: TaskStatus
    due_at: Time | None
    completed_at: Time | None
    created_by: UUID | None
    created_at: Time
    updated_at: Time


class TaskAnswer(Shape):
    """One task."""

    task: Task


class TaskList(Page):
    """Tasks, newest first."""

    tasks: list[Task]


class NotificationPatch(Body):
    """Read, or unread again."""

    is_read: Flag


class Notification(Shape):
    """A message in the application, to the caller."""

    id: UUID
    user_id: UUID
    title: str
    message: str
    contact_id: UUID | None
    enrollment_id: UUID | None
    campaign_id: UUID | None
    read_at: Time | None
    created_at: Time


class NotificationAnswer(Shape):
    """One notification."""

    notification: Notification


class NotificationList(Page):
    """The caller's notifications, newest first."""

    notifications: list[Notification]
    unread: int
