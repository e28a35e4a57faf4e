"""Every route of the API, and a request to each that would succeed, for tests that hold for all of them."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from fastapi import FastAPI
from sqlalchemy import insert

from db.session import engine
from db.tables import Notification, Suppression
from domain.enums import Channel, Role, SuppressionReason
from tests.world import EMAIL, World

Json = dict[str, Any]
Key = tuple[str, str]
"""The method and the path of a route, without `/api`: `("GET", "/campaigns/{campaign_id}")`."""

SIGN_IN = "/auth/"


@dataclass(frozen=True)
class Things:
    """One of each noun of a company, by the name that it has in a path."""

    ids: Mapping[str, str]

    def path(self, template: str) -> str:
        return re.sub(r"\{(\w+)\}", lambda match: self.ids[match[1]], template)

    def body(self, key: Key) -> Json | None:
        """What makes the request succeed; None where it takes no body."""
        ids = self.ids
        saved = {"campaign_id": ids["campaign_id"], "category": "storm"}
        bodies: dict[Key, Json] = {
            ("POST", "/campaigns"): {"name": "Hail", "campaign_type": "drip"},
            ("PATCH", "/campaigns/{campaign_id}"): {"on_resume": "shift"},
            ("POST", "/campaigns/{campaign_id}/steps"): {"step_type": "wait"},
            ("PATCH", "/campaigns/{campaign_id}/steps/{step_id}"): {"delay_value": 2},
            ("PUT", "/campaigns/{campaign_id}/steps/order"): {"step_ids": [ids["step_id"]]},
            ("POST", "/campaigns/{campaign_id}/triggers"): {
                "trigger_type": "event",
                "trigger_config": {"event_name": "signed"},
            },
            ("PATCH", "/campaigns/{campaign_id}/triggers/{trigger_id}"): {"priority": 5},
            ("POST", "/campaigns/{campaign_id}/enrollments"): {"contact_id": ids["new_contact_id"]},
            ("POST", "/campaigns/{campaign_id}/test-runs"): {"contact": {"first_name": "Bob"}},
            ("POST", "/campaigns/{campaign_id}/previews"): {
                "step_type": "wait",
                "step_config": {},
                "contact_id": ids["contact_id"],
            },
            ("POST", "/campaigns/{campaign_id}/enrollments/bulk"): {
                "contact_ids": [ids["new_contact_id"]]
            },
            ("POST", "/campaigns/{campaign_id}/enrollments/bulk/preview"): {
                "contact_ids": [ids["new_contact_id"]]
            },
            ("POST", "/campaigns/{campaign_id}/enrollments/actions"): {
                "action": "pause",
                "filter": {"all": []},
            },
            ("POST", "/contacts"): {"first_name": "Bob"},
            ("POST", "/contacts/search"): {"filter": {"all": []}},
            ("PATCH", "/contacts/{contact_id}"): {"first_name": "Bea"},
            ("POST", "/contacts/{contact_id}/consents"): {
                "channel": "sms",
                "action": "consented",
                "source": "web_form",
            },
            ("POST", "/projects"): {"contact_id": ids["contact_id"]},
            ("PATCH", "/projects/{project_id}"): {"stage": "won"},
            ("POST", "/events"): {"event_name": "roof_inspected", "contact_id": ids["contact_id"]},
            ("POST", "/tasks"): {"title": "Call"},
            ("PATCH", "/tasks/{task_id}"): {"title": "Call again"},
            ("PATCH", "/notifications/{notification_id}"): {"is_read": True},
            ("POST", "/contacts/{contact_id}/messages"): {
                "channel": "email",
                "subject": "Hi",
                "body": "Hi",
            },
            ("POST", "/message-templates"): {"name": "Hi", "channel": "sms", "body": "Hi"},
            ("PATCH", "/message-templates/{template_id}"): {"name": "Hello"},
            ("POST", "/campaigns/from-template"): {"template_id": "new-lead-welcome"},
            ("POST", "/campaign-templates"): {**saved, "name": "Hail"},
            ("PUT", "/campaign-templates/{campaign_template_id}"): {**saved, "name": "Rain"},
            ("POST", "/campaign-templates/{campaign_template_id}/restore"): {"version": 1},
            ("PATCH", "/settings"): {"from_name": "Ridge"},
            ("POST", "/users"): {"email": new_address(), "name": "Sam", "role": "staff"},
            ("PATCH", "/users/{user_id}"): {"name": "Sue"},
            ("PATCH", "/me"): {"name": "Rob"},
            ("POST", "/api-keys"): {"name": "CRM", "role": "staff"},
        }
        return bodies.get(key)


async def create_things(world: World) -> Things:
    """One of each, of this company."""
    contact, new_contact = await world.create_contact(), await world.create_contact()
    campaign = await world.create_campaign(
        {**EMAIL, "delay_value": 3, "delay_unit": "days"}, respect_business_hours=True
    )
    steps = (await world.admin.get(f"/campaigns/{campaign['id']}/steps"))["steps"]
    trigger = await world.admin.post(
        f"/campaigns/{campaign['id']}/triggers",
        {"trigger_type": "manual", "trigger_config": {"manual": True}},
    )
    enrollment = await world.enroll(campaign, contact)
    project = await world.admin.post("/projects", {"contact_id": contact["id"]})
    task = await world.admin.post("/tasks", {"title": "Call Ann"})
    template = await world.admin.post(
        "/message-templates", {"name": "Hi", "channel": "sms", "body": "Hi"}
    )
    saved = await world.admin.post(
        "/campaign-templates",
        {"campaign_id": campaign["id"], "name": "Hail", "category": "storm"},
    )
    key = await world.admin.post("/api-keys", {"name": "CRM", "role": "staff"})
    user = await world.admin.post(
        "/users", {"email": new_address(), "name": "Sam", "role": "staff"}
    )
    return Things(
        {
            "campaign_id": campaign["id"],
            "step_id": steps[0]["id"],
            "trigger_id": trigger["trigger"]["id"],
            "enrollment_id": enrollment["id"],
            "contact_id": contact["id"],
            "new_contact_id": new_contact["id"],
            "project_id": project["project"]["id"],
            "task_id": task["task"]["id"],
            "template_id": template["message_template"]["id"],
            "campaign_template_id": saved["template"]["id"],
            "key_id": key["api_key"]["id"],
            "user_id": user["user"]["id"],
            "job_id": await create_job(world),
            "notification_id": await create_notification(world, Role.ADMIN),
            "suppression_id": await create_suppression(world),
        }
    )


async def create_job(world: World) -> str:
    """An import of one contact."""
    files = {"file": ("contacts.csv", f"email\n{new_address()}\n".encode())}
    response = await world.admin.request("POST", "/contacts/import", files=files)
    return str(response.json()["job"]["id"])


async def create_notification(world: World, role: Role, title: str = "Ann replied") -> str:
    """A notification, as a `notify` step makes it; the API makes none."""
    async with world.database.transaction(engine(world.tenant_id)) as session:
        notification_id = await session.scalar(
            insert(Notification)
            .values(
                tenant_id=world.tenant_id,
                user_id=world.user_ids[role],
                title=title,
                message="She likes the roof.",
            )
            .returning(Notification.id)
        )
    return str(notification_id)


async def create_suppression(
    world: World,
    address: str = "gone@home.example",
    reason: SuppressionReason = SuppressionReason.HARD_BOUNCE,
    channel: Channel = Channel.EMAIL,
) -> str:
    """A suppressed address, as a bounce makes it; the API makes none."""
    async with world.database.transaction(engine(world.tenant_id)) as session:
        suppression_id = await session.scalar(
            insert(Suppression)
            .values(tenant_id=world.tenant_id, channel=channel, address=address, reason=reason)
            .returning(Suppression.id)
        )
    return str(suppression_id)


def new_address() -> str:
    return f"{uuid4().hex[:12]}@ridge.example"


def api_routes(app: FastAPI) -> Iterator[Key]:
    """Every route below `/api` but signing in, which has its own rules."""
    for path, operations in app.openapi()["paths"].items():
        short = path.removeprefix("/api")
        if short != path and not short.startswith(SIGN_IN):
            for method in operations:
                yield method.upper(), short
