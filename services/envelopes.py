"""What goes around the content of what leaves the house: who sends it, to whom, and what comes back in webhooks."""

from collections.abc import Mapping
from email.utils import formataddr
from typing import Self

import structlog

from db.situations import Addressee, Situation
from db.tables import Execution, Message, Tenant
from domain.enums import Channel
from domain.flow import Step
from domain.messages import Skip
from domain.step_configs import Webhook
from services.contents import Content
from services.links import Links
from services.settings import Settings

_log = structlog.get_logger(__name__)


class Envelopes:
    """Knows the installation's senders, which a tenant's own go before."""

    def __init__(
        self, links: Links, providers: Mapping[Channel, bool], senders: Mapping[Channel, str | None]
    ) -> None:
        self._links = links
        self._providers = providers
        self._senders = senders

    @classmethod
    def of(cls, settings: Settings, links: Links) -> Self:
        """As the environment says."""
        providers = {
            Channel.EMAIL: bool(settings.resend_api_key),
            Channel.SMS: bool(settings.twilio_account_sid and settings.twilio_auth_token),
        }
        senders = {
            Channel.EMAIL: settings.resend_from_email,
            Channel.SMS: settings.twilio_phone_number,
        }
        return cls(links, providers, senders)

    def sender(self, channel: Channel, tenant: Tenant) -> str:
        """The address or the number that the tenant sends from.

        Raises:
            Skip: there is no account at the provider, or nothing to send from.
        """
        if not self._providers[channel]:
            _log.warning("no provider is configured", channel=str(channel), tenant=str(tenant.id))
            raise Skip("provider_not_configured", f"{_NAME[channel]} is not configured")
        own = {Channel.EMAIL: tenant.from_email, Channel.SMS: tenant.sms_number}
        if sender := own[channel] or self._senders[channel]:
            return sender
        raise Skip("no_sender", f"neither the settings nor {_VARIABLE[channel]} name a sender")

    def email(self, row: Execution | Message, addressee: Addressee, content: Content) -> Content:
        """Sender, recipient, one-click unsubscribe (RFC 8058), and tags that come back in webhooks."""
        return {
            "from_address": self._from_address(addressee.tenant, content),
            "to": addressee.contact.email,
            "subject": content["subject"],
            "html": content["html"],
            "text": content["text"],
            "reply_to": content["reply_to"],
            "headers": {
                "List-Unsubscribe": f"<{content['unsubscribe_link']}>",
                "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            },
            "tags": _tags(row),
        }

    def text(self, row: Execution | Message, addressee: Addressee, content: Content) -> Content:
        """Sender, recipient, and a callback whose URL carries the claim."""
        return {
            "to": addressee.contact.phone,
            "from_number": self.sender(Channel.SMS, addressee.tenant),
            "body": content["body"],
            "media_urls": content["media_urls"],
            "status_callback": self._links.status_callback(row),
        }

    def test(self, channel: Channel, tenant: Tenant, to: str, content: Content) -> Content:
        """Marked as a test, to that address alone; no report on it comes back, and nobody unsubscribes by it.

        Raises what `sender` raises.
        """
        match channel:
            case Channel.EMAIL:
                return {
                    "from_address": self._from_address(tenant, content),
                    "to": to,
                    "subject": f"[Test] {content['subject']}",
                    "html": content["html"],
                    "text": content["text"],
                    "reply_to": content["reply_to"],
                }
            case Channel.SMS:
                return {
                    "to": to,
                    "from_number": self.sender(Channel.SMS, tenant),
                    "body": f"[Test] {content['body']}",
                    "media_urls": content["media_urls"],
                }

    def account(self, tenant: Tenant, to: str, subject: str, text: str) -> Content:
        """To a user, about their account; from the installation, or else from the company.

        Raises what `sender` raises.
        """
        some = self.sender(Channel.EMAIL, tenant)
        sender = self._senders[Channel.EMAIL] or some
        return {
            "from_address": formataddr((_PRODUCT, sender)),
            "to": to,
            "subject": subject,
            "text": text,
        }

    def unsealed(self, content: Content) -> Content:
        """The content of a mail about an account, with the secrets without which it is kept."""
        return {**content, "text": self._links.unseal(content["text"])}

    def _from_address(self, tenant: Tenant, content: Content) -> str:
        name = content["from_name"] or tenant.from_name or tenant.company_name or tenant.name
        return formataddr((name, self.sender(Channel.EMAIL, tenant)))


def webhook_call(situation: Situation, step: Step, content: Content) -> Content:
    """Where a webhook goes to, and how; the default body tells who and what."""
    config = step.config
    if not isinstance(config, Webhook):
        raise TypeError(f"{step.step_type} is no webhook")
    default = {
        "type": "campaign.step",
        "data": {
            "campaign_id": str(situation.campaign.id),
            "enrollment_id": str(situation.enrollment.id),
            "step_id": str(step.id),
            "contact_id": str(situation.contact.id),
        },
    }
    has_body = config.method != "GET"
    body = content["body"] if content["body"] is not None else default
    return {
        "method": config.method,
        "url": config.url,
        "headers": config.headers,
        "body": body if has_body else None,
    }


_PRODUCT = "Campaign Builder"
_NAME = {Channel.EMAIL: "e-mail", Channel.SMS: "texting"}
_VARIABLE = {Channel.EMAIL: "RESEND_FROM_EMAIL", Channel.SMS: "TWILIO_PHONE_NUMBER"}


def _tags(row: Execution | Message) -> dict[str, str]:
    match row:
        case Execution():
            ids = {
                "campaign_id": row.campaign_id,
                "enrollment_id": row.enrollment_id,
                "execution_id": row.id,
            }
        case Message():
            ids = {"message_id": row.id}
    return {"tenant_id": str(row.tenant_id), **{name: str(id_) for name, id_ in ids.items()}}
