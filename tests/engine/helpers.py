"""Steps as tests write them, and what they read off an enrollment."""

from datetime import datetime, timedelta
from math import ceil
from typing import Any
from zoneinfo import ZoneInfo

from google.protobuf.field_mask_pb2 import FieldMask
from temporalio.api.activity.v1 import ActivityOptions
from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.workflowservice.v1 import UpdateActivityOptionsRequest

from tests.world import Json, World

DENVER = ZoneInfo("America/Denver")


def after(step: Json, value: int, unit: str) -> Json:
    """The step with a delay: `after(EMAIL, 3, "days")`."""
    return {**step, "delay_value": value, "delay_unit": unit}


def email(subject: str) -> Json:
    """An e-mail that is known by its subject."""
    return {"step_type": "send_email", "step_config": {"subject": subject, "html": "<p>Hi</p>"}}


def tag(name: str) -> Json:
    """A step that leaves its mark on the contact."""
    return {"step_type": "manage_tags", "step_config": {"add": [name]}}


def fork(conditions: Any, **paths: str) -> Json:
    """A conditional."""
    return {"step_type": "conditional", "conditions": conditions, **paths}


def inside(step: Json, conditional: Json, branch: str) -> Json:
    """The step in a branch of a conditional that is there already."""
    return {**step, "parent_step_id": conditional["id"], "branch": branch}


def at(text: str | None) -> datetime:
    """A time of the API."""
    assert text is not None
    return datetime.fromisoformat(text)


def local(text: str | None, zone: ZoneInfo = DENVER) -> str:
    """A time of the API on a wall clock: `Mon 09:00`."""
    return at(text).astimezone(zone).strftime("%a %H:%M")


def minutes_until(day: str, hour: float, zone: ZoneInfo = DENVER) -> int:
    """How long it is until it will next be that hour of that day of the week, a day ahead at least."""
    now = datetime.now(zone)
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None)
    moment = midnight + timedelta(days=1)
    while moment.strftime("%a") != day:
        moment += timedelta(days=1)
    then = (moment + timedelta(hours=hour)).replace(tzinfo=zone)
    return ceil((then.timestamp() - now.timestamp()) / 60)


async def let_time_run_out(world: World, workflow_id: str, activity: str) -> None:
    """As if the 23 hours were over in which an activity of the workflow is tried again."""
    options = ActivityOptions()
    options.schedule_to_close_timeout.FromTimedelta(timedelta(milliseconds=1))
    await world.temporal.workflow_service.update_activity_options(
        UpdateActivityOptionsRequest(
            namespace=world.temporal.namespace,
            execution=WorkflowExecution(workflow_id=workflow_id),
            type=activity,
            activity_options=options,
            update_mask=FieldMask(paths=["schedule_to_close_timeout"]),
        )
    )


def path(enrollment: Json) -> str:
    """Where the API has the enrollment."""
    return f"/campaigns/{enrollment['campaign_id']}/enrollments/{enrollment['id']}"


def statuses(enrollment: Json) -> list[tuple[str, str]]:
    """The timeline in short: `[("send_email", "completed")]`."""
    return [(each["step_type"], each["status"]) for each in enrollment["executions"]]


async def walked(world: World, contact: Json) -> list[str]:
    """The marks that the walk left on the contact, in their order."""
    tags: list[str] = (await world.admin.get(f"/contacts/{contact['id']}"))["contact"]["tags"]
    return tags


async def run_through(world: World, *steps: Json, contact: Json, **campaign: Any) -> Json:
    """The enrollment of the contact in a campaign of these steps, when it is over."""
    created = await world.create_campaign(*steps, **campaign)
    return await world.finished(await world.enroll(created, contact))
