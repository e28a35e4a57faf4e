"""What a campaign is built of: read off a campaign, checked, and built."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID, uuid4

from db import rows
from db.campaigns import insert_steps
from db.session import Session
from db.steps import flow_of
from db.tables import Campaign, CampaignTrigger
from db.triggers import triggers_of
from domain.blueprints import REFERENCES, Blueprint, BlueprintTrigger, steps_of
from domain.campaign_settings import CampaignSettings
from domain.enums import StepType
from domain.errors import FieldProblem, Invalid
from domain.flow import Flow, Step
from services import step_checks, triggers


async def read_off(session: Session, campaign: Campaign) -> Blueprint:
    """What a campaign is made of."""
    found = await triggers_of(session, campaign.id)
    return Blueprint(
        campaign=CampaignSettings.model_validate(campaign, from_attributes=True),
        steps=steps_of(await flow_of(session, campaign.id)),
        triggers=[BlueprintTrigger.model_validate(each, from_attributes=True) for each in found],
    )


async def check(session: Session, blueprint: Blueprint, allow_hosts: frozenset[str]) -> Blueprint:
    """The blueprint as it is stored, if everything in it could be saved in this company now.

    Raises:
        Invalid: each error names its field, such as `steps.2.step_config.template_id`.
    """
    if errors := list(blueprint.problems()):
        raise Invalid(*errors)
    values = list(_rows(blueprint))
    flow = Flow(tuple(Step(**row) for row in values))
    checked = blueprint.model_copy(deep=True)
    for index, (step, row) in enumerate(zip(checked.steps, values, strict=True)):
        with _located(errors, "steps", index):
            stored = await step_checks.check(session, flow, row, None, allow_hosts)
            step.step_config = stored["step_config"]
    for index, trigger in enumerate(checked.triggers):
        with _located(errors, "triggers", index):
            fields = trigger.model_dump()
            stored = triggers.check(blueprint.campaign.enrollment_type, fields, fields)
            trigger.trigger_config = stored["trigger_config"]
    if errors:
        raise Invalid(*errors)
    return checked


async def build(session: Session, campaign: Campaign, blueprint: Blueprint) -> None:
    """Give a new campaign the blueprint's steps and triggers."""
    own = {"tenant_id": campaign.tenant_id, "campaign_id": campaign.id}
    await insert_steps(session, [{**row, **own} for row in _rows(blueprint)])
    for trigger in blueprint.triggers:
        values = {**trigger.model_dump(), "campaign_id": campaign.id}
        await rows.add(session, CampaignTrigger, values)


def _rows(blueprint: Blueprint) -> Iterator[dict[str, Any]]:
    """The steps as they are stored, with new ids."""
    ids: dict[str | None, UUID] = {step.id: uuid4() for step in blueprint.steps}
    for step, order in zip(blueprint.steps, blueprint.orders(), strict=True):
        yield {
            **step.model_dump(),
            **{name: ids.get(getattr(step, name)) for name in REFERENCES},
            "id": ids[step.id],
            "step_type": StepType(step.step_type),
            "step_order": order,
        }


@contextmanager
def _located(errors: list[FieldProblem], *place: str | int) -> Iterator[None]:
    """Note what is refused there, and go on."""
    try:
        yield
    except Invalid as error:
        errors += error.under(*place).errors
