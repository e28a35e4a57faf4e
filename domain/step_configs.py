"""What a step's `step_config` may hold: one model for each step type.

Everything that can be known when a step is saved is refused then, not at nine in the morning in front of a
homeowner: templates that do not parse, unknown variables, fields that nobody may write.
"""

from collections.abc import Iterator
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AfterValidator, Field, ValidationError

from domain.config_parts import Config, Line, Template
from domain.enums import DelayUnit, ExitReason, Role, StepType
from domain.errors import FieldProblem, Invalid
from domain.fields import check_writable, coerce
from domain.message_configs import SendEmail, SendSms
from domain.rendering import TemplateError, check_template
from domain.validation import field_problems
from domain.webhook_url import check_header, check_url


def _constant(tag: str) -> str:
    if "{{" in tag:
        raise ValueError("a tag is the same for every contact: it takes no {{ variables }}")
    return tag


Tag = Annotated[str, Field(min_length=1, max_length=100), AfterValidator(_constant)]


class CreateTask(Config):
    """A task for a person of the company; `task_type` becomes the activity's subtype."""

    title: Line
    description: Template | None = None
    task_type: Annotated[str, Field(min_length=1, max_length=100)]
    due_in_days: Annotated[int, Field(strict=True, ge=0, le=3650)] | None = None
    priority: Annotated[str, Field(min_length=1, max_length=50)] | None = None
    assigned_to: UUID | None = None


MAX_DELAY = {
    DelayUnit.MINUTES: 5_256_000,
    DelayUnit.HOURS: 87_600,
    DelayUnit.DAYS: 3_650,
    DelayUnit.WEEKS: 521,
}
"""Ten years, in each unit."""


def delay_problems(value: int, unit: DelayUnit) -> Iterator[FieldProblem]:
    """What is wrong with a length of time."""
    if value > MAX_DELAY[unit]:
        yield FieldProblem(("delay_value",), f"is at most {MAX_DELAY[unit]} {unit}")


class UntilEvent(Config):
    """An event to wait for, for `timeout` at most."""

    class Timeout(Config):
        """A length of time, as a step's delay is given."""

        delay_value: Annotated[int, Field(strict=True, ge=1)]
        delay_unit: DelayUnit

    event: Annotated[str, Field(min_length=1, max_length=100)]
    timeout: Timeout


class Wait(Config):
    """The step's own delay, and then, with `until`, an event with a time limit."""

    until: UntilEvent | None = None

    def problems(self) -> Iterator[FieldProblem]:
        """The time limit has a limit too."""
        if self.until:
            limit = self.until.timeout
            for problem in delay_problems(limit.delay_value, limit.delay_unit):
                yield FieldProblem(("until", "timeout", *problem.location), problem.message)


class UpdateField(Config):
    """A field of the contact or the project. A text value may hold variables."""

    entity: Literal["contact", "project"]
    field: str
    value: Any

    def problems(self) -> Iterator[FieldProblem]:
        """The field is one that users may write, and the value is of its type."""
        try:
            check_writable(self.entity, self.field)
        except ValueError as error:
            yield FieldProblem(("field",), str(error))
            return
        try:
            if isinstance(self.value, str) and "{" in self.value:
                check_template(self.value)
            else:
                coerce(self.entity, self.field, self.value)
        except (ValueError, TemplateError) as error:
            yield FieldProblem(("value",), str(error))


class ManageTags(Config):
    """Tags of the contact to add and to remove."""

    add: list[Tag] = []
    remove: list[Tag] = []

    def problems(self) -> Iterator[FieldProblem]:
        """There is something to do, and it does not contradict itself."""
        if not self.add and not self.remove:
            yield FieldProblem(("add",), "add or remove must name a tag")
        if both := sorted(set(self.add) & set(self.remove)):
            yield FieldProblem(("remove",), f"is added and removed at once: {', '.join(both)}")


class Notify(Config):
    """An in-app notification, to named users, to all of a role, or to the contact's assignee."""

    user_ids: Annotated[list[UUID], Field(min_length=1, max_length=100)] | None = None
    role: Role | None = None
    assignee: Annotated[bool, Field(strict=True)] | None = None
    title: Line
    message: Template

    def problems(self) -> Iterator[FieldProblem]:
        """Somebody is told."""
        if not (self.user_ids or self.role or self.assignee):
            yield FieldProblem(("user_ids",), "user_ids, role or assignee must say whom to notify")


class Webhook(Config):
    """A request to a server of the company's choice. Text in `body` may hold variables."""

    url: str
    method: Literal["GET", "POST", "PUT", "PATCH", "DELETE"] = "POST"
    headers: dict[str, str] = {}
    body: Any = None

    def problems(self) -> Iterator[FieldProblem]:
        """What can be refused without the network is."""
        for name, value in self.headers.items():
            try:
                check_header(name, value)
            except ValueError as error:
                yield FieldProblem(("headers", name), str(error))
        for location, text in texts_in(self.body):
            try:
                check_template(text)
            except TemplateError as error:
                yield FieldProblem(("body", *location), str(error))

    def check_url(self, allow_hosts: frozenset[str]) -> Iterator[FieldProblem]:
        """What the installation's `WEBHOOK_ALLOW_HOSTS` decides."""
        try:
            check_url(self.url, allow_hosts)
        except ValueError as error:
            yield FieldProblem(("url",), str(error))


class Conditional(Config):
    """The fork is made by the step's `conditions`."""


class ExitCampaign(Config):
    """The end of the enrollment, for a reason of the contract."""

    reason: ExitReason


AnyConfig = (
    SendEmail
    | SendSms
    | CreateTask
    | Wait
    | UpdateField
    | ManageTags
    | Notify
    | Webhook
    | Conditional
    | ExitCampaign
)

MODELS: dict[StepType, type[AnyConfig]] = {
    StepType.SEND_EMAIL: SendEmail,
    StepType.SEND_SMS: SendSms,
    StepType.CREATE_TASK: CreateTask,
    StepType.WAIT: Wait,
    StepType.UPDATE_FIELD: UpdateField,
    StepType.MANAGE_TAGS: ManageTags,
    StepType.NOTIFY: Notify,
    StepType.WEBHOOK: Webhook,
    StepType.CONDITIONAL: Conditional,
    StepType.EXIT_CAMPAIGN: ExitCampaign,
}


def check_config(
    step_type: StepType, raw: dict[str, Any], webhook_allow_hosts: frozenset[str] = frozenset()
) -> dict[str, Any]:
    """The configuration as it is to be stored.

    Raises:
        Invalid: each error is located within the configuration.
    """
    try:
        config = MODELS[step_type].model_validate(raw)
    except ValidationError as error:
        raise Invalid(*field_problems(error.errors())) from error
    errors = list(config.problems())
    if isinstance(config, Webhook):
        errors += config.check_url(webhook_allow_hosts)
    if errors:
        raise Invalid(*errors)
    return config.model_dump(mode="json", exclude_unset=True)


def texts_in(value: Any) -> Iterator[tuple[tuple[str | int, ...], str]]:  # noqa: ANN401 — any JSON
    """Every text of a JSON value, with its place."""
    if isinstance(value, str):
        yield (), value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from (((key, *place), text) for place, text in texts_in(item))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from (((index, *place), text) for place, text in texts_in(item))


def templates_in(config: AnyConfig) -> Iterator[str]:
    """Every template of a configuration, to find the variables that it needs."""
    for _, text in texts_in(config.model_dump(mode="json", exclude={"template_id", "url"})):
        if "{" in text:
            yield text
