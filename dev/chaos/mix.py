"""The campaigns of the ordeal, and the way that each promises to whoever is left alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from domain.enums import EnrollmentStatus, ExitReason, StepType

Json = dict[str, Any]

STORM = "storm"
"""The stage of contacts for whom the fork goes to its true side."""

INSPECTED = "roof_inspected"
TAG = "chaos"

COMPLETED = (EnrollmentStatus.COMPLETED, ExitReason.COMPLETED)
LEFT = (EnrollmentStatus.EXITED, ExitReason.STAGE_CHANGED)
REMOVED = (EnrollmentStatus.EXITED, ExitReason.MANUAL_REMOVE)
UNSUBSCRIBED = (EnrollmentStatus.EXITED, ExitReason.UNSUBSCRIBED)

SENDING = (StepType.SEND_EMAIL, StepType.SEND_SMS, StepType.WEBHOOK)
"""The steps whose messages are counted where they arrive."""


@dataclass(frozen=True, kw_only=True)
class Line:
    """A campaign. `ways` are the steps by name, in order, for contacts of a stage and for all others.

    `halted`: it is paused as a whole for a while.
    """

    name: str
    steps: Mapping[str, Json]
    ways: Mapping[str | None, tuple[str, ...]]
    end: tuple[EnrollmentStatus, ExitReason] = COMPLETED
    halted: bool = False

    def way(self, stage: str) -> tuple[str, ...]:
        """What a contact of this stage comes through."""
        return self.ways.get(stage, self.ways[None])

    @property
    def texts(self) -> bool:
        """Whether an opt-out from texts ends its enrollments."""
        return any(step["step_type"] == StepType.SEND_SMS for step in self.steps.values())


def lines(sandbox_url: str, delay_minutes: int) -> list[Line]:
    """Every step type there is, on five ways; the delays between are so many minutes, or none."""
    later = {"delay_value": delay_minutes, "delay_unit": "minutes"}
    return [
        _line(
            "drip",
            {
                "welcome": _email("welcome"),
                "nudge": _text("nudge") | later,
                "call": _task("call"),
                "goodbye": _email("goodbye") | later,
            },
        ),
        _fork(sandbox_url, later),
        _line(
            "wait",
            {
                "booked": _email("booked"),
                "inspection": _wait(delay_minutes),
                "report": _email("report"),
                "thanks": _text("thanks"),
            },
        ),
        _line(
            "leave",
            {
                "tag": _step(StepType.MANAGE_TAGS, add=[TAG]),
                "offer": _email("offer"),
                "out": _step(StepType.EXIT_CAMPAIGN, reason=ExitReason.STAGE_CHANGED) | later,
                "never": _email("never"),
            },
            way=("tag", "offer", "out"),
            end=LEFT,
        ),
        _line(
            "halted",
            {
                "alert": _text("alert"),
                "advice": _email("advice") | later,
                "stage": _step(
                    StepType.UPDATE_FIELD, entity="contact", field="stage", value="advised"
                ),
                "estimate": _email("estimate"),
            },
            halted=True,
        ),
    ]


def _fork(sandbox_url: str, later: Json) -> Line:
    fork = {
        "step_type": StepType.CONDITIONAL,
        "conditions": {"all": [{"field": "contact.stage", "operator": "equals", "value": STORM}]},
    }
    hook = {
        "url": f"{sandbox_url}/hook/crm",
        "method": "POST",
        "body": {"to": "{{ contact.email }}"},
    }
    steps = {
        "tag": _step(StepType.MANAGE_TAGS, add=[TAG]),
        "fork": fork,
        "storm": _text("storm") | {"parent_step_id": "fork", "branch": "true"},
        "calm": _email("calm") | {"parent_step_id": "fork", "branch": "false"},
        "crm": _step(StepType.WEBHOOK, **hook) | later,
        "told": _step(
            StepType.NOTIFY, role="admin", title="told", message="Somebody came through."
        ),
    }
    ways = {
        STORM: ("tag", "fork", "storm", "crm", "told"),
        None: ("tag", "fork", "calm", "crm", "told"),
    }
    return Line(name="fork", steps=steps, ways=ways)


def _line(
    name: str,
    steps: Mapping[str, Json],
    *,
    way: tuple[str, ...] = (),
    end: tuple[EnrollmentStatus, ExitReason] = COMPLETED,
    halted: bool = False,
) -> Line:
    return Line(name=name, steps=steps, ways={None: way or tuple(steps)}, end=end, halted=halted)


def _wait(minutes: int) -> Json:
    if not minutes:
        return _step(StepType.WAIT)
    limit = {"delay_value": minutes, "delay_unit": "minutes"}
    return _step(StepType.WAIT, until={"event": INSPECTED, "timeout": limit})


def _step(step_type: StepType, **config: object) -> Json:
    return {"step_type": step_type, "step_config": config}


def _email(name: str) -> Json:
    return _step(StepType.SEND_EMAIL, subject=name, html="<p>Hi {{ first_name }}</p>")


def _text(name: str) -> Json:
    return _step(StepType.SEND_SMS, body=name)


def _task(name: str) -> Json:
    return _step(StepType.CREATE_TASK, title=name, task_type="call")
