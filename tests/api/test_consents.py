"""The record of what contacts allow: who said what, where, and when; and that it holds."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from domain.enums import Role
from tests.api.client import invalid_fields, problem
from tests.inbound import flags, suppressed
from tests.world import TEXT, Json, World


async def consents(world: World, contact: Json) -> list[Json]:
    answer = await world.staff.get(f"/contacts/{contact['id']}/consents")
    assert answer["total"] == len(answer["consents"])
    found: list[Json] = answer["consents"]
    return found


async def record(world: World, contact: Json, **body: Any) -> Json:
    """As the office staff takes it down."""
    body = {"channel": "sms", "action": "consented", "source": "phone_call", **body}
    answer = await world.staff.post(f"/contacts/{contact['id']}/consents", body)
    consent: Json = answer["consent"]
    return consent


async def test_consent_given_with_a_new_contact_is_recorded(world: World) -> None:
    contact = await world.create_contact(sms_consent=True, email_opt_out=True)

    records = await consents(world, contact)

    assert {(each["channel"], each["action"]) for each in records} == {
        ("sms", "consented"),
        ("email", "opted_out"),
    }
    for each in records:
        assert (each["source"], each["wording"]) == ("user", None)
        assert each["recorded_by"] == str(world.user_ids[Role.ADMIN])
        assert each["given_at"] == each["created_at"]


async def test_contact_that_allows_nothing_has_no_record(world: World) -> None:
    assert await consents(world, await world.create_contact(sms_consent=False)) == []


@pytest.mark.parametrize(
    ("before", "change", "action"),
    [
        ({"sms_consent": False}, {"sms_consent": True}, ("sms", "consented")),
        ({"sms_consent": True}, {"sms_consent": False}, ("sms", "withdrawn")),
        ({}, {"sms_opt_out": True}, ("sms", "opted_out")),
        ({"sms_opt_out": True}, {"sms_opt_out": False}, ("sms", "opted_in")),
        ({}, {"email_opt_out": True}, ("email", "opted_out")),
        ({"email_opt_out": True}, {"email_opt_out": False}, ("email", "opted_in")),
    ],
)
async def test_change_of_a_flag_is_recorded_with_who_made_it(
    world: World, before: Json, change: Json, action: tuple[str, str]
) -> None:
    contact = await world.create_contact(**before)
    earlier = len(await consents(world, contact))

    await world.staff.patch(f"/contacts/{contact['id']}", change)

    newest, *older = await consents(world, contact)
    assert len(older) == earlier
    assert (newest["channel"], newest["action"]) == action
    assert newest["source"] == "user"
    assert newest["recorded_by"] == str(world.user_ids[Role.STAFF])


async def test_change_of_something_else_is_no_record(world: World) -> None:
    contact = await world.create_contact(sms_consent=False)
    await world.staff.patch(f"/contacts/{contact['id']}", {"stage": "won", "sms_consent": False})
    assert await consents(world, contact) == []


async def test_recorded_consent_keeps_its_proof_and_holds(world: World) -> None:
    contact = await world.create_contact(sms_consent=False)

    consent = await record(
        world,
        contact,
        source="web_form",
        wording="I agree to receive texts from Ridge Roofing.",
        given_at="2026-03-01T10:00:00-07:00",
    )

    assert consent == {
        "id": consent["id"],
        "contact_id": contact["id"],
        "channel": "sms",
        "action": "consented",
        "source": "web_form",
        "wording": "I agree to receive texts from Ridge Roofing.",
        "recorded_by": str(world.user_ids[Role.STAFF]),
        "given_at": "2026-03-01T17:00:00Z",
        "created_at": consent["created_at"],
    }
    assert await consents(world, contact) == [consent]
    assert await flags(world, contact) == (False, True)


@pytest.mark.parametrize(
    ("before", "channel", "action", "flag", "value"),
    [
        ({"sms_consent": False}, "sms", "consented", "sms_consent", True),
        ({"sms_consent": True}, "sms", "withdrawn", "sms_consent", False),
        ({}, "sms", "opted_out", "sms_opt_out", True),
        ({"sms_opt_out": True}, "sms", "opted_in", "sms_opt_out", False),
        ({}, "email", "opted_out", "email_opt_out", True),
        ({"email_opt_out": True}, "email", "opted_in", "email_opt_out", False),
    ],
)
async def test_record_changes_what_the_contact_allows_and_said_again_is_one_more_proof(
    world: World, before: Json, channel: str, action: str, flag: str, value: bool
) -> None:
    contact = await world.create_contact(**before)
    earlier = await consents(world, contact)

    first = await record(world, contact, channel=channel, action=action, wording="first")
    again = await record(world, contact, channel=channel, action=action, wording="again")

    seen = (await world.admin.get(f"/contacts/{contact['id']}"))["contact"]
    assert seen[flag] is value
    assert (first["wording"], again["wording"]) == ("first", "again")
    assert await consents(world, contact) == [again, first, *earlier]


@pytest.mark.parametrize("action", ["consented", "withdrawn"])
async def test_consent_to_email_is_a_record_and_changes_nothing(world: World, action: str) -> None:
    contact = await world.create_contact(sms_consent=False)
    consent = await record(world, contact, channel="email", action=action)
    assert await consents(world, contact) == [consent]
    after = (await world.admin.get(f"/contacts/{contact['id']}"))["contact"]
    assert after == contact


async def test_recorded_opt_out_ends_enrollments_and_reaches_all_who_share_the_number(
    world: World,
) -> None:
    campaign = await world.create_campaign({**TEXT, "delay_value": 3, "delay_unit": "weeks"})
    ann = await world.create_contact()
    bob = await world.create_contact(phone=ann["phone"])
    enrollment = await world.enroll(campaign, bob)

    await record(world, ann, action="opted_out", wording="She said so at the door.")

    assert (await world.detail(enrollment))["exit_reason"] == "unsubscribed"
    assert (await flags(world, bob))[0]
    assert (await consents(world, bob))[0]["wording"] == "She said so at the door."
    assert await suppressed(world, ann["phone"]) == ["opt_out"]


async def test_recorded_opt_in_lifts_what_holds_for_a_number_that_came_back(world: World) -> None:
    gone = await world.create_contact()
    await record(world, gone, action="opted_out")
    await world.admin.delete(f"/contacts/{gone['id']}")
    anew = await world.create_contact(phone=gone["phone"])
    assert await suppressed(world, anew["phone"]) == ["opt_out"]

    await record(world, anew, action="opted_in")

    assert await suppressed(world, anew["phone"]) == []


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"channel": "fax"}, "channel"),
        ({"action": "maybe"}, "action"),
        ({"source": ""}, "source"),
        ({"source": "x" * 101}, "source"),
        ({"wording": "a\0b"}, "wording"),
        ({"given_at": "2026-03-01"}, "given_at"),
        ({"given_at": (datetime.now(UTC) + timedelta(hours=1)).isoformat()}, "given_at"),
        ({"recorded_by": "me"}, "recorded_by"),
    ],
)
async def test_wrong_record_is_refused_by_its_field(world: World, body: Json, field: str) -> None:
    contact = await world.create_contact(sms_consent=False)
    given = {"channel": "sms", "action": "consented", "source": "web_form", **body}

    response = await world.staff.request("POST", f"/contacts/{contact['id']}/consents", json=given)

    assert invalid_fields(response) == {field}
    assert await consents(world, contact) == []
    assert await flags(world, contact) == (False, False)


async def test_deleted_contact_has_no_records_to_read_or_add(world: World) -> None:
    contact = await world.create_contact()
    await world.admin.delete(f"/contacts/{contact['id']}")
    path = f"/contacts/{contact['id']}/consents"
    body = {"channel": "sms", "action": "consented", "source": "web_form"}
    problem(await world.staff.request("GET", path), 404, "not_found")
    problem(await world.staff.request("POST", path, json=body), 404, "not_found")


async def test_contact_created_with_an_opt_out_takes_along_all_who_share_the_number(
    world: World,
) -> None:
    ann = await world.create_contact()

    await world.create_contact(phone=ann["phone"], sms_opt_out=True)

    assert (await flags(world, ann))[0]
    assert await suppressed(world, ann["phone"]) == ["opt_out"]
