"""Message templates: content that several steps share."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from db import rows
from db.message_templates import user_of_template
from db.session import Session
from db.tables import MessageTemplate
from domain.enums import Channel
from domain.errors import Conflict, FieldProblem, Invalid


async def create(session: Session, values: Mapping[str, Any]) -> MessageTemplate:
    """A new template. Raises Invalid if its channel lacks content."""
    _check(values)
    return await rows.add(session, MessageTemplate, values)


async def find(session: Session, template_id: UUID) -> MessageTemplate:
    """A template. Raises NotFound."""
    return await rows.find(session, MessageTemplate, template_id)


async def change(session: Session, template_id: UUID, values: Mapping[str, Any]) -> MessageTemplate:
    """Change a template. Raises Invalid if its channel then lacks content."""
    template = await find(session, template_id)
    before = {name: getattr(template, name) for name in ("channel", "subject", "html", "body")}
    _check({**before, **values})
    return await rows.change(session, MessageTemplate, template_id, values)


async def delete(session: Session, template_id: UUID) -> None:
    """Delete a template. Raises Conflict `in_use` if a step of a campaign that may run names it."""
    await find(session, template_id)
    user = await user_of_template(session, template_id)
    if user is not None:
        raise Conflict("in_use", f"The campaign “{user}” uses this template.")
    await rows.change(session, MessageTemplate, template_id, {"is_deleted": True})


def _check(values: Mapping[str, Any]) -> None:
    if values["channel"] == Channel.SMS:
        needed, refused = ["body"], ["subject", "html"]
    else:
        needed = ["subject"] if values.get("html") or values.get("body") else ["subject", "html"]
        refused = []
    errors = [
        *(FieldProblem((name,), "is required") for name in needed if not values.get(name)),
        *(FieldProblem((name,), "has no place in a text") for name in refused if values.get(name)),
    ]
    if errors:
        raise Invalid(*errors)
