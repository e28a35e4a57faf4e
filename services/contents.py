"""What a step will say or do for this contact, rendered; the same for the engine, the preview and the test run.

What comes out is stored with the execution before anything is sent, and is not rendered again.
"""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any
from uuid import UUID

from db import rows
from db.session import Session
from db.situations import Situation
from db.tables import MessageTemplate
from domain.enums import Channel
from domain.errors import NotFound
from domain.fields import coerce
from domain.flow import Step
from domain.messages import Reachability, Skip, compose_email, compose_text
from domain.rendering import MissingVariable, TemplateError, render, render_line
from domain.step_configs import CreateTask, Notify, SendEmail, SendSms, UpdateField, Webhook
from services.facts import variables

Content = dict[str, Any]

MAX_TITLE = 500
"""Characters of a task's or a notification's title; a longer one is cut."""


async def prepare(
    session: Session, situation: Situation, step: Step, unsubscribe_link: str
) -> Content:
    """The content of a step for this contact; empty for a step that has none.

    Raises:
        Skip: the contact cannot get it: no address, no consent, an empty variable.
    """
    try:
        return await _prepare(session, situation, step, unsubscribe_link)
    except MissingVariable as error:
        raise Skip("missing_variable", str(error)) from error
    except TemplateError as error:
        raise Skip("template_error", str(error)) from error


def check_reach(situation: Situation, step: Step) -> None:
    """Raise Skip if this contact may not get what the step sends."""
    contact = situation.contact
    reach = Reachability(
        email=contact.email,
        phone=contact.phone,
        email_opt_out=contact.email_opt_out,
        sms_opt_out=contact.sms_opt_out,
        sms_consent=contact.sms_consent,
        email_suppressed=situation.suppressed.get(Channel.EMAIL),
        sms_suppressed=situation.suppressed.get(Channel.SMS),
    )
    match step.config:
        case SendEmail():
            reach.email_address()
        case SendSms():
            reach.phone_number()


async def _prepare(
    session: Session, situation: Situation, step: Step, unsubscribe_link: str
) -> Content:
    check_reach(situation, step)
    values = {**variables(situation), "unsubscribe_link": unsubscribe_link}
    match step.config:
        case SendEmail() as config:
            return await _email(session, situation, config, values)
        case SendSms() as config:
            if config.template_id:
                row = await _template(session, config.template_id)
                config = config.model_copy(update={"body": row.body})
            return asdict(compose_text(config, values))
        case CreateTask() as config:
            description = config.description
            return {
                "title": render_line(config.title, values)[:MAX_TITLE],
                "description": render(description, values, html=False) if description else None,
            }
        case Notify() as config:
            return {
                "title": render_line(config.title, values)[:MAX_TITLE],
                "message": render(config.message, values, html=False),
            }
        case UpdateField() as config:
            return {"value": _field_value(config, situation, values)}
        case Webhook() as config:
            return {"body": _rendered(config.body, values)}
    return {}


async def _email(
    session: Session, situation: Situation, config: SendEmail, values: Mapping[str, object]
) -> Content:
    if not situation.tenant.postal_address:
        # CAN-SPAM, 15 U.S.C. 7704(a)(5)(A)(iii)
        raise Skip("no_postal_address", "the settings have no postal address")
    if config.template_id:
        row = await _template(session, config.template_id)
        text = row.body if row.html is None else None
        shared = {"subject": row.subject, "html": row.html, "text": text}
        config = config.model_copy(update=shared)
    return asdict(compose_email(config, values, postal_address=situation.tenant.postal_address))


async def _template(session: Session, template_id: UUID) -> MessageTemplate:
    try:
        return await rows.find(session, MessageTemplate, template_id)
    except NotFound as error:
        raise Skip("missing_template", "the message template does not exist any more") from error


def _field_value(config: UpdateField, situation: Situation, values: Mapping[str, object]) -> object:
    if config.entity == "project" and situation.project is None:
        raise Skip("no_project", "the contact has no project")
    value = config.value
    if isinstance(value, str) and "{" in value:
        value = render_line(value, values)
    try:
        coerced = coerce(config.entity, config.field, value)
    except ValueError as error:
        raise Skip("bad_value", f"{config.entity}.{config.field} cannot take: {error}") from error
    return coerced if isinstance(coerced, bool | int | float | None) else str(coerced)


def _rendered(value: Any, values: Mapping[str, object]) -> Any:  # noqa: ANN401 — any JSON
    """The body of a webhook, its texts filled in."""
    match value:
        case str():
            return render(value, values, html=False)
        case dict():
            return {key: _rendered(item, values) for key, item in value.items()}
        case list():
            return [_rendered(item, values) for item in value]
    return value
