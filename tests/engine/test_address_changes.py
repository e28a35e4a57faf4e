"""A message that is tried again, while the address that it is for becomes somebody else's."""

from typing import Any

import pytest

from tests.engine.conftest import Faults
from tests.engine.helpers import statuses, tag
from tests.engine.jobs import csv_of, imported
from tests.world import EMAIL, TEXT, World, noon_zone


@pytest.mark.parametrize(
    ("step", "field", "provider", "new"),
    [
        (TEXT, "phone", "twilio", "+13035550142"),
        (EMAIL, "email", "resend", "somebody.new@home.example"),
    ],
)
async def test_message_between_two_attempts_does_not_go_to_an_address_of_the_past(
    world: World, faults: Faults, step: dict[str, Any], field: str, provider: str, new: str
) -> None:
    contact = await world.create_contact(timezone=noon_zone())
    campaign = await world.create_campaign(step, tag("after"))
    await faults(**{provider: {"mode": "refuse_429", "retry_after": 8, "count": 1}})
    enrollment = await world.enroll(campaign, contact)
    await world.until(
        enrollment, lambda now: "429" in (now["executions"][0]["error_message"] or "")
    )

    await world.staff.patch(f"/contacts/{contact['id']}", {field: new})

    enrollment = await world.finished(enrollment)
    assert await world.messages(contact[field]) == []
    assert statuses(enrollment) == [(step["step_type"], "skipped"), ("manage_tags", "completed")]
    assert enrollment["executions"][0]["result_data"]["skipped"] == "address_changed"


async def test_old_file_that_is_imported_again_does_not_give_withdrawn_consent_back(
    world: World,
) -> None:
    file = csv_of({"email": "ann@home.example", "phone": "303-555-0134", "SMS consent": "yes"})
    await imported(world, file)
    (contact,) = (await world.staff.get("/contacts"))["contacts"]
    assert contact["sms_consent"]
    await world.staff.patch(f"/contacts/{contact['id']}", {"sms_consent": False})

    await imported(world, file)

    assert not (await world.staff.get(f"/contacts/{contact['id']}"))["contact"]["sms_consent"]
