"""What a step will say or do for this contact, rendered; the same for the engine, the preview and the test run.

What comes out is stored before anything is sent, and is not rendered again. What a person writes by hand is, too.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any
from uuid import UUID

from db import rows
from db.session import Session
from db.situations import Addressee, Situation
from db.tables import MessageTemplate, Tenant
from domain.enums import Channel
from domain.errors import NotFound
from domain.experiments import draw
from domain.fields import coerce
from domain.flow import Step
from domain.message_configs import SendEmail, SendSms
from domain.messages import MessageLinks, Reachability, Skip, compose_email, compose_text
from domain.rendering import MissingVariable, TemplateError, render, render_line
from domain.step_configs import AnyConfig, CreateTask, Notify, UpdateField, Webhook
from services.facts import variables

Content = dict[str, Any]

MAX_TITLE = 500
"""Characters of a task's or a notification's title; a longer one is cut."""


async def prepare(
    session: Session, situation: Situation, step: Step, links: MessageLinks
) -> Content:
    """The content of a step for this contact; empty for a step that has none.

    Raises:
        Skip: the contact cannot get it: no address, no consent, an empty variable.
    """
    check_reach(situation, step)
    if channel := channel_of(step.config):
        check_postal_address(situation.tenant, channel)
    return await rendered(session, situation, step.config, links, variant_of(situation, step))


async def compose(
    session: Session, addressee: Addressee, config: SendEmail | SendSms, links: MessageLinks
) -> Content:
    """What an e-mail or a text says to this contact. Raises what `prepare` raises."""
    check_allowed(addressee, config)
    return await rendered(session, addressee, config, links)


def check_allowed(addressee: Addressee, config: AnyConfig) -> None:
    """Raise Skip if nothing of the kind may go to this contact, whatever it says."""
    if channel := channel_of(config):
        check_channel(addressee, channel)
        check_postal_address(addressee.tenant, channel)


def check_postal_address(tenant: Tenant, channel: Channel) -> None:
    """Raise Skip if an e-mail could not say where its sender is (CAN-SPAM, 15 U.S.C. 7704(a)(5)(A)(iii))."""
    if channel is Channel.EMAIL and not tenant.postal_address:
        raise Skip("no_postal_address", "the settings have no postal address")


def channel_of(config: AnyConfig) -> Channel | None:
    """What a step sends its message by, None if it sends none."""
    match config:
        case SendEmail():
            return Channel.EMAIL
        case SendSms():
            return Channel.SMS
        case _:
            return None


def variant_of(situation: Situation, step: Step) -> str | None:
    """The variant of a message that this enrollment gets, always the same; None where nothing is tested."""
    config = step.config
    if not isinstance(config, SendEmail | SendSms):
        return None
    return config.choice(step.winner, draw("variant", situation.enrollment.id, step.id))


def check_reach(situation: Situation, step: Step) -> None:
    """Raise Skip if this contact may not get what the step sends, or has another address since it was tried."""
    channel = channel_of(step.config)
    if channel is None:
        return
    address = check_channel(situation, channel)
    kept = situation.execution.content if situation.execution else None
    if kept and kept.get("to") != address:
        raise Skip("address_changed", "the contact has another address now")


def check_channel(addressee: Addressee, channel: Channel) -> str:
    """The address that a message goes to. Raises Skip if nothing may go to this contact that way."""
    contact = addressee.contact
    reach = Reachability(
        email=contact.email,
        phone=contact.phone,
        email_opt_out=contact.email_opt_out,
        sms_opt_out=contact.sms_opt_out,
        sms_consent=contact.sms_consent,
        email_suppressed=addressee.suppressed.get(Channel.EMAIL),
        sms_suppressed=addressee.suppressed.get(Channel.SMS),
    )
    match channel:
        case Channel.EMAIL:
            return reach.email_address()
        case Channel.SMS:
            return reach.phone_number()


@contextmanager
def _skipping() -> Iterator[None]:
    """What cannot be rendered for this contact is skipped."""
    try:
        yield
    except MissingVariable as error:
        raise Skip("missing_variable", str(error)) from error
    except TemplateError as error:
        raise Skip("template_error", str(error)) from error


async def rendered(
    session: Session,
    addressee: Addressee,
    config: AnyConfig,
    links: MessageLinks,
    variant: str | None = None,
) -> Content:
    """What a step says to this contact, whether it may or not; as this variant of it says it.

    Raises:
        Skip: it cannot be said: an empty variable, a template that is gone.
    """
    with _skipping():
        return await _rendered(session, addressee, config, links, variant)


async def _rendered(
    session: Session,
    addressee: Addressee,
    config: AnyConfig,
    links: MessageLinks,
    variant: str | None,
) -> Content:
    values = {**variables(addressee), "unsubscribe_link": links.unsubscribe}
    match config:
        case SendEmail() | SendSms():
            message = (await _with_template(session, config)).as_variant(variant)
            return _composed(message, values, addressee.tenant, links)
        case CreateTask():
            description = config.description
            return {
                "title": render_line(config.title, values)[:MAX_TITLE],
                "description": render(description, values, html=False) if description else None,
            }
        case Notify():
            return {
                "title": render_line(config.title, values)[:MAX_TITLE],
                "message": render(config.message, values, html=False),
            }
        case UpdateField():
            return {"value": _field_value(config, addressee, values)}
        case Webhook():
            return {"body": _filled_in(config.body, values)}
    return {}


def _composed(
    config: SendEmail | SendSms, values: Mapping[str, object], tenant: Tenant, links: MessageLinks
) -> Content:
    match config:
        case SendSms():
            return asdict(compose_text(config, values))
        case SendEmail():
            return asdict(
                compose_email(
                    config,
                    values,
                    postal_address=tenant.postal_address,
                    tracking=links.tracking,
                )
            )


async def _with_template(session: Session, config: SendEmail | SendSms) -> SendEmail | SendSms:
    """The message with the content of the template that it names."""
    if config.template_id is None:
        return config
    row = await _template(session, config.template_id)
    match config:
        case SendSms():
            return config.model_copy(update={"body": row.body})
        case SendEmail():
            text = row.body if row.html is None else None
            shared = {"subject": row.subject, "html": row.html, "text": text}
            return config.model_copy(update=shared)


async def _template(session: Session, template_id: UUID) -> MessageTemplate:
    try:
        return await rows.find(session, MessageTemplate, template_id)
    except NotFound as error:
        raise Skip("missing_template", "the message template does not exist any more") from error


def _field_value(config: UpdateField, addressee: Addressee, values: Mapping[str, object]) -> object:
    if config.entity == "project" and addressee.project is None:
        raise Skip("no_project", "the contact has no project")
    value = config.value
    if isinstance(value, str) and "{" in value:
        value = render_line(value, values)
    try:
        coerced = coerce(config.entity, config.field, value)
    except ValueError as error:
        raise Skip("bad_value", f"{config.entity}.{config.field} cannot take: {error}") from error
    return coerced if isinstance(coerced, bool | int | float | None) else str(coerced)


def _filled_in(value: Any, values: Mapping[str, object]) -> Any:  # noqa: ANN401 — any JSON
    """The body of a webhook, its texts filled in."""
    match value:
        case str():
            return render(value, values, html=False)
        case dict():
            return {key: _filled_in(item, values) for key, item in value.items()}
        case list():
            return [_filled_in(item, values) for item in value]
    return value
