"""`/api/message-templates`."""

from uuid import UUID

from fastapi import APIRouter

from api.access import ADMIN, Db, TransactionalRoute
from api.paging import Wanted
from api.schemas.company import (
    MessageTemplateAnswer,
    MessageTemplateCreate,
    MessageTemplateList,
    MessageTemplatePatch,
)
from db.message_templates import list_message_templates as find_templates
from db.tables import MessageTemplate
from domain.enums import Channel
from services import message_templates

router = APIRouter(
    prefix="/message-templates", tags=["message templates"], route_class=TransactionalRoute
)


@router.get("")
async def list_message_templates(
    db: Db, wanted: Wanted, channel: Channel | None = None
) -> MessageTemplateList:
    """The company's message templates."""
    found = await find_templates(db, wanted, channel)
    return MessageTemplateList.model_validate({"message_templates": found.rows, **found.position})


@router.post("", status_code=201, dependencies=[ADMIN])
async def create_message_template(db: Db, body: MessageTemplateCreate) -> MessageTemplateAnswer:
    """A new message template."""
    return _answer(await message_templates.create(db, body.given()))


@router.get("/{template_id}")
async def get_message_template(db: Db, template_id: UUID) -> MessageTemplateAnswer:
    """One message template."""
    return _answer(await message_templates.find(db, template_id))


@router.patch("/{template_id}", dependencies=[ADMIN])
async def change_message_template(
    db: Db, template_id: UUID, body: MessageTemplatePatch
) -> MessageTemplateAnswer:
    """Change a message template; steps that name it send the new version from now on."""
    return _answer(await message_templates.change(db, template_id, body.given()))


@router.delete("/{template_id}", status_code=204, dependencies=[ADMIN])
async def delete_message_template(db: Db, template_id: UUID) -> None:
    """Delete a message template that no step names."""
    await message_templates.delete(db, template_id)


def _answer(template: MessageTemplate) -> MessageTemplateAnswer:
    return MessageTemplateAnswer.model_validate({"message_template": template})
