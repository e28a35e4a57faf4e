"""What a message says, and whether it may go to this contact at all."""

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape

from domain.message_configs import SendEmail, SendSms
from domain.rendering import render, render_line
from domain.text_segments import MAX_TEXT_LENGTH
from domain.tracking import Tracking, tracked

Values = Mapping[str, object]

NO_CONSENT = "no_sms_consent"
"""The code of a text that is skipped for want of consent; of an opt-out it is another."""


class Skip(Exception):  # noqa: N818 — a step that is skipped is no error
    """The step does not run for this contact. `code` is for programs, the text for people."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.code = code


@dataclass(frozen=True, slots=True)
class Reachability:
    """What of a contact decides whether a message may go out.

    `email_suppressed` and `sms_suppressed` say why nothing goes to the address, whoever has it.
    """

    email: str | None
    phone: str | None
    email_opt_out: bool
    sms_opt_out: bool
    sms_consent: bool
    email_suppressed: str | None = None
    sms_suppressed: str | None = None

    def email_address(self) -> str:
        """The address to write to.

        Raises:
            Skip: there is none, or the contact has opted out (CAN-SPAM, 15 U.S.C. 7704(a)(4)).
        """
        if not self.email:
            raise Skip("no_email", "the contact has no e-mail address")
        if self.email_opt_out:
            raise Skip("email_opt_out", "the contact has opted out of e-mail")
        if self.email_suppressed:
            raise _suppressed("the e-mail address", self.email_suppressed)
        return self.email

    def phone_number(self) -> str:
        """The number to text.

        Raises:
            Skip: there is none, the contact has opted out, or there is no consent on record
                (47 CFR 64.1200(a)(2)).
        """
        if not self.phone:
            raise Skip("no_phone", "the contact has no phone number")
        if self.sms_opt_out:
            raise Skip("sms_opt_out", "the contact has opted out of texts")
        if self.sms_suppressed:
            raise _suppressed("the phone number", self.sms_suppressed)
        if not self.sms_consent:
            raise Skip(NO_CONSENT, "the contact has not consented to texts")
        return self.phone


def _suppressed(address: str, reason: str) -> Skip:
    return Skip("suppressed", f"{address} is suppressed: {reason}")


@dataclass(frozen=True, slots=True)
class MessageLinks:
    """Where a message leads back to us. Without `tracking` nobody learns what becomes of it."""

    unsubscribe: str
    tracking: Tracking | None = None


@dataclass(frozen=True, slots=True)
class Email:
    """An e-mail as it is sent and kept."""

    subject: str
    html: str | None
    text: str | None
    from_name: str | None
    reply_to: str | None
    unsubscribe_link: str


@dataclass(frozen=True, slots=True)
class Text:
    """A text as it is sent and kept."""

    body: str
    media_urls: tuple[str, ...]


def compose_email(
    config: SendEmail,
    values: Values,
    *,
    postal_address: str | None,
    tracking: Tracking | None = None,
) -> Email:
    """Render an e-mail, with the footer that the law asks for; `values` hold `unsubscribe_link`.

    Its HTML is tracked where `tracking` is given. A text is sent as it was written.

    Raises:
        MissingVariable: a variable is empty for this contact and has no default.
        TemplateError: the template cannot be rendered.
    """
    unsubscribe_link = str(values["unsubscribe_link"])
    html = render(config.html, values, html=True) if config.html else None
    text = render(config.text, values, html=False) if config.text else None
    preheader = render_line(config.preheader, values) if config.preheader else None
    if html is not None:
        html = _hidden(preheader) + html + _html_footer(postal_address, unsubscribe_link)
        if tracking:
            html = tracked(html, tracking, unsubscribe_link=unsubscribe_link)
    if text is not None:
        text += f"\n\n--\n{postal_address or ''}\nUnsubscribe: {unsubscribe_link}\n"
    return Email(
        subject=render_line(config.subject or "", values),
        html=html,
        text=text,
        from_name=render_line(config.from_name, values) if config.from_name else None,
        reply_to=config.reply_to,
        unsubscribe_link=unsubscribe_link,
    )


def compose_text(config: SendSms, values: Values) -> Text:
    """Render a text.

    Raises:
        MissingVariable: a variable is empty for this contact and has no default.
        TemplateError: the template cannot be rendered.
        Skip: what came out is longer than a text may be.
    """
    body = render(config.body or "", values, html=False).strip()
    if len(body) > MAX_TEXT_LENGTH:
        raise Skip("text_too_long", f"the text has {len(body)} of {MAX_TEXT_LENGTH} characters")
    return Text(body, tuple(config.media_urls))


def _hidden(preheader: str | None) -> str:
    """The line that an inbox shows beside the subject, and the e-mail itself does not."""
    if not preheader:
        return ""
    return f'<div style="display:none;max-height:0;overflow:hidden">{escape(preheader)}</div>'


def _html_footer(postal_address: str | None, unsubscribe_link: str) -> str:
    """Address and way out: CAN-SPAM, 15 U.S.C. 7704(a)(5)."""
    address = escape(postal_address or "").replace("\n", "<br>")
    return (
        '<p style="margin-top:32px;font-size:12px;color:#666">'
        f'{address}<br><a href="{escape(unsubscribe_link)}">Unsubscribe</a></p>'
    )
