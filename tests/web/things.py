"""A company in which something of everything is there, for what holds on every page."""

from typing import Final

from tests.engine.helpers import inside
from tests.world import EMAIL, TEXT, World

Things = dict[str, str]
"""Ids, by what they are of."""

BRANCH: Final = {
    "step_type": "conditional",
    "conditions": {"field": "contact.stage", "operator": "equals", "value": "lead"},
    "delay_value": 1,
    "delay_unit": "days",
}
TRIGGER: Final = {
    "trigger_type": "stage_change",
    "trigger_config": {"entity_type": "contact", "to_stage": "estimate sent"},
}


async def fill(world: World) -> Things:
    """A campaign that has begun, a draft without steps, a contact with its enrollment and all else."""
    campaign = await world.create_campaign(EMAIL, exit_on_reply=False, activate=False)
    conditional = await world.add_step(campaign, **BRANCH)
    await world.add_step(campaign, **inside(EMAIL, conditional, "true"))
    await world.add_step(campaign, **{**TEXT, "delay_value": 2})
    await world.admin.post(f"/campaigns/{campaign['id']}/triggers", TRIGGER)
    await world.activate(campaign)
    contact = await world.create_contact(stage="lead", tags=["storm-damage"])
    about = {"contact_id": contact["id"]}
    await world.admin.post("/projects", {**about, "name": "Roof", "estimate_amount": "12000"})
    await world.admin.post("/tasks", {**about, "title": "Call Ann Lee"})
    saved = {"name": "Thanks", "channel": "sms", "body": "Thank you, {{ first_name }}."}
    await world.admin.post("/message-templates", saved)
    other = await world.create_contact(first_name="Bea")
    await world.admin.post(f"/contacts/{other['id']}/do-not-contact")
    enrollment = await world.enroll(campaign, contact)
    await world.until(enrollment, lambda now: now["steps_completed"] == 1)
    [letter] = await world.messages(contact["email"])
    await world.homeowner.reply(letter, "Can you come on Tuesday?")
    draft = await world.create_campaign(name="Not begun", activate=False)
    return {
        "campaign": campaign["id"],
        "draft": draft["id"],
        "contact": contact["id"],
        "enrollment": enrollment["id"],
    }
