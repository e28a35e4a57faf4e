"""Whoever gets the messages: opens, clicks, replies, unsubscribes, and has a mailbox that may bounce."""

import uuid
from email.utils import parseaddr

from dev.sandbox.product import Answer, Call, Json, Product, Send, UnplayableError, UnreachableError
from dev.sandbox.reading import Link, images, links, unsubscribe_link
from dev.sandbox.store import Store

BROWSER = (
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko)"
    " Chrome/142.0.0.0 Safari/537.36"
)
OPEN_PIXEL = "/t/o/"
BOUNCES = {
    "Permanent": ("General", "550 5.1.1 The mailbox does not exist."),
    "Transient": ("MailboxFull", "452 4.2.2 The mailbox is full."),
    "Undetermined": ("Undetermined", "The bounce could not be read."),
}
"""Types of a bounce as Resend names them, each with a subtype and what the mail server said."""


class Homeowner:
    """One person for all addresses and numbers.

    An e-mail or a text is given as `GET /messages` shows it. Every method answers what the product
    answered, which is noted with the message, and raises `UnplayableError` where the message does not
    allow it, and `UnreachableError` where the product does not answer.

    Args:
        product: Where the product is.
        store: What was sent, and what this person sends.
        send: How a request gets to the product.
    """

    def __init__(self, product: Product, store: Store, send: Send) -> None:
        self._product = product
        self._store = store
        self._send = send

    def links(self, email: Json) -> list[Link]:
        """The links that can be clicked: those that lead to the product, in their order."""
        return [link for link in links(email["html"] or "") if self._product.owns(link.url)]

    def pixel(self, email: Json) -> str | None:
        """The image by which the product sees that the e-mail was opened."""
        start = self._product.url(OPEN_PIXEL)
        return next((url for url in images(email["html"] or "") if url.startswith(start)), None)

    async def open(self, email: Json, *, user_agent: str = BROWSER) -> Answer:
        """Load the open pixel."""
        pixel = self.pixel(email)
        if pixel is None:
            raise UnplayableError("this e-mail has no open pixel")
        call = self._product.call("GET", pixel, {"user-agent": user_agent})
        return await self._do("open", call, email["id"])

    async def click(self, email: Json, link: int | str = 0, *, user_agent: str = BROWSER) -> Answer:
        """Click a link, by its place among `links` or by its URL; the redirect is not followed."""
        if isinstance(link, int):
            found = self.links(email)
            if not 0 <= link < len(found):
                raise UnplayableError(f"this e-mail has {len(found)} links to click")
            link = found[link].url
        call = self._product.call("GET", link, {"user-agent": user_agent})
        return await self._do("click", call, email["id"])

    async def unsubscribe(self, email: Json) -> Answer:
        """Press the mail program's own button: one click (RFC 8058)."""
        link = unsubscribe_link(email["headers"])
        if link is None:
            raise UnplayableError("this e-mail has no List-Unsubscribe")
        headers = {
            "content-type": "application/x-www-form-urlencoded",
            "user-agent": "Mozilla/5.0 (compatible; one-click unsubscribe)",
        }
        call = self._product.call("POST", link, headers, b"List-Unsubscribe=One-Click")
        return await self._do("unsubscribe", call, email["id"])

    async def sent(self, email: Json) -> Answer:
        """Resend has taken the e-mail."""
        return await self._report(email, "sent")

    async def deliver(self, email: Json) -> Answer:
        """The mail server has taken the e-mail."""
        return await self._report(email, "delivered")

    async def bounce(self, email: Json, kind: str = "Permanent") -> Answer:
        """The mail server refuses the e-mail: `Permanent`, `Transient` or `Undetermined`."""
        subtype, said = BOUNCES[kind]
        bounce = {"type": kind, "subType": subtype, "message": said}
        return await self._report(email, "bounced", f"bounced ({kind})", bounce=bounce)

    async def complain(self, email: Json) -> Answer:
        """Mark the e-mail as spam."""
        return await self._report(email, "complained")

    async def reply(self, message: Json, body: str) -> Answer:
        """Answer an e-mail or a text."""
        if message["channel"] == "sms":
            return await self._text(message["to"], message["from"], body, message["id"])
        return await self._mail(message, body)

    async def text(self, sender: str, to: str, body: str) -> Answer:
        """Send a text from any number to any number."""
        return await self._text(sender, to, body)

    async def _text(self, sender: str, to: str, body: str, *answered: str) -> Answer:
        """https://www.twilio.com/docs/messaging/guides/webhook-request."""
        sid = f"SM{uuid.uuid4().hex}"
        form = {
            "AccountSid": self._product.twilio_account_sid or "",
            "ApiVersion": "2010-04-01",
            "Body": body,
            "From": sender,
            "FromCountry": "US",
            "MessageSid": sid,
            "NumMedia": "0",
            "NumSegments": "1",
            "SmsMessageSid": sid,
            "SmsSid": sid,
            "SmsStatus": "received",
            "To": to,
            "ToCountry": "US",
        }
        call = self._product.twilio_webhook("/webhooks/twilio/inbound", form)
        self._store.add("received_text", sid, to, {"from": sender, "body": body})
        return await self._do(f"text “{body}”", call, sid, *answered)

    async def _mail(self, email: Json, body: str) -> Answer:
        """The webhook names the e-mail that came, its body has to be fetched from Resend.

        https://resend.com/docs/webhooks/emails/received
        """
        email_id, at = str(uuid.uuid4()), self._store.now()
        received = {
            "from": email["to"],
            "subject": f"Re: {email['subject'].removeprefix('Re: ')}",
            "text": body,
            "message_id": f"<{email_id}@home.example>",
        }
        _, to = parseaddr(email["reply_to"] or email["from"])
        data = {
            "email_id": email_id,
            "created_at": at.isoformat(),
            "from": received["from"],
            "to": [to],
            "cc": [],
            "bcc": [],
            "message_id": received["message_id"],
            "subject": received["subject"],
            "attachments": [],
        }
        call = self._product.resend_webhook("email.received", data, at=at)
        self._store.add("received_email", email_id, to, received)
        return await self._do("reply", call, email_id, email["id"])

    async def _report(
        self, email: Json, event: str, told: str | None = None, **more: Json
    ) -> Answer:
        """What Resend says of an e-mail: https://resend.com/docs/webhooks/event-types."""
        data = {
            "email_id": email["id"],
            "created_at": email["at"],
            "from": email["from"],
            "to": email["to"].split(", "),
            "subject": email["subject"],
            "tags": email["tags"],
            **more,
        }
        call = self._product.resend_webhook(f"email.{event}", data, at=self._store.now())
        return await self._do(told or event, call, email["id"])

    async def _do(self, what: str, call: Call, *message_ids: str) -> Answer:
        """Make the call, and note with the messages what came of it."""
        try:
            answer = await self._send(call)
        except UnreachableError as error:
            self._note(message_ids, what, str(error))
            raise
        self._note(message_ids, what, str(answer.status), answer.location)
        return answer

    def _note(
        self, message_ids: tuple[str, ...], what: str, answer: str, location: str | None = None
    ) -> None:
        for message_id in message_ids:
            self._store.note(message_id, what, answer, location)
