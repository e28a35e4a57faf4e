"""What stands in the way of a campaign's activation."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from domain.calendar import ever_meet
from domain.enums import StepType
from domain.flow import Flow, Step
from domain.message_configs import SendEmail, SendSms
from domain.rendering import variables_of
from domain.schedule import Schedule
from domain.step_configs import templates_in

_TENANT_VARIABLES = ("company_name", "review_link", "calendar_link", "booking_link")


@dataclass(frozen=True, slots=True)
class ReadinessProblem:
    """One thing to mend. `field` is of the step, of the campaign, or of the tenant's settings."""

    code: str
    detail: str
    step_id: UUID | None = None
    field: str | None = None


def problems(
    flow: Flow,
    schedules: Sequence[Schedule],
    settings: Mapping[str, object],
    template_texts: Mapping[UUID, Collection[str]],
) -> list[ReadinessProblem]:
    """Everything that keeps a campaign from running as it should.

    `schedules` are those of contacts in each zone of the country; `template_texts` the contents of
    the message templates that exist.
    """
    return [
        *_shape(flow),
        *(
            problem
            for step in flow.live
            for problem in _step(step, flow, schedules, template_texts)
        ),
        *_settings(flow, settings, template_texts),
    ]


def _shape(flow: Flow) -> Iterator[ReadinessProblem]:
    if not flow.live:
        yield ReadinessProblem("no_steps", "The campaign has no steps.")
    if problem := cycle(flow):
        yield problem


def cycle(flow: Flow) -> ReadinessProblem | None:
    """What keeps the walk from ever coming to an end."""
    if not (steps := flow.cycle()):
        return None
    names = ", ".join(step.label for step in steps)
    return ReadinessProblem(
        "cycle", f"The walk would never end: {names}.", steps[0].id, "true_path_step_id"
    )


def _step(
    step: Step,
    flow: Flow,
    schedules: Sequence[Schedule],
    template_texts: Mapping[UUID, Collection[str]],
) -> Iterator[ReadinessProblem]:
    for field in ("true_path_step_id", "false_path_step_id"):
        path = getattr(step, field)
        target = flow.get(path) if path else None
        if path and (target is None or target.is_deleted):
            yield ReadinessProblem(
                "path_to_missing_step", "The step to go to was deleted.", step.id, field
            )
    template_id = _template_id(step)
    if template_id and template_id not in template_texts:
        yield ReadinessProblem(
            "missing_template",
            "The message template does not exist.",
            step.id,
            "step_config.template_id",
        )
    if not any(ever_meet(schedule.windows(step.step_type)) for schedule in schedules):
        yield ReadinessProblem(
            "no_send_window",
            "The campaign's business hours and the hours in which the law allows texts never meet.",
            step.id,
            "business_hours",
        )


def _settings(
    flow: Flow, settings: Mapping[str, object], template_texts: Mapping[UUID, Collection[str]]
) -> Iterator[ReadinessProblem]:
    """What the steps need of the tenant's settings."""
    if not settings.get("postal_address") and any(
        step.step_type is StepType.SEND_EMAIL for step in flow.live
    ):
        # CAN-SPAM, 15 U.S.C. 7704(a)(5)(A)(iii)
        yield ReadinessProblem(
            "missing_postal_address",
            "E-mail must carry the company's postal address; the settings have none.",
            field="settings.postal_address",
        )
    for name in _TENANT_VARIABLES:
        if settings.get(name):
            continue
        user = next((s for s in flow.live if name in _variables(s, template_texts)), None)
        if user:
            yield ReadinessProblem(
                "missing_setting",
                f"{user.label} uses {{{{ {name} }}}}, which the settings leave empty.",
                user.id,
                f"settings.{name}",
            )


def _template_id(step: Step) -> UUID | None:
    config = step.config
    return config.template_id if isinstance(config, SendEmail | SendSms) else None


def _variables(step: Step, template_texts: Mapping[UUID, Collection[str]]) -> set[str]:
    texts = list(templates_in(step.config))
    if template_id := _template_id(step):
        texts += template_texts.get(template_id, ())
    return {name for text in texts for name in variables_of(text)}
