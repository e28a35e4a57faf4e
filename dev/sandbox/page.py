"""The sandbox for people: what was sent, newest first."""

import base64
import hashlib
from collections.abc import Iterable, Mapping
from html import escape

from dev.sandbox.deeds import EMAIL_PAGE, TEXT_PAGE
from dev.sandbox.faults import Control, Mode
from dev.sandbox.markup import document, fields
from dev.sandbox.resend import REFUSED_MAILBOX
from dev.sandbox.store import Channel, Message
from dev.sandbox.twilio import MAGIC_NUMBERS

# Only the list is replaced: the page keeps its scroll and what is folded open.
_REFRESH = """
setInterval(async () => {
  const response = await fetch("/").catch(() => null);
  if (!response || !response.ok) return;
  const fresh = new DOMParser().parseFromString(await response.text(), "text/html");
  const old = document.querySelector("main"), main = fresh.querySelector("main");
  if (main.innerHTML !== old.innerHTML) old.replaceWith(main);
}, 2000);
"""

_DIGEST = base64.b64encode(hashlib.sha256(_REFRESH.encode()).digest()).decode()
PAGE_POLICY = (
    f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{_DIGEST}';"
    " connect-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'self'"
)
# Links open in a tab of their own, so that unsubscribe links can be tried; nothing in it runs.
EMAIL_POLICY = (
    "default-src 'none'; img-src * data:; style-src 'unsafe-inline'; form-action 'none';"
    " sandbox allow-popups allow-popups-to-escape-sandbox"
)


_KINDS: dict[Channel, str] = {
    "email": "e-mail",
    "sms": "text",
    "hook": "webhook",
    "received_email": "e-mail back",
    "received_text": "text back",
}


def index(messages: Iterable[Message], total: int, control: Control, *, plays: bool) -> str:
    """The list of messages, a text from anybody, and how to make the providers fail.

    `plays`: whether it is known where the homeowner's answers go.
    """
    articles = "".join(_article(message) for message in messages)
    main = f"<main><p>{total} messages</p>{_faults(control)}{articles}</main>"
    body = f"{_texting() if plays else ''}{main}{_help()}<script>{_REFRESH}</script>"
    return document("Provider sandbox", body)


def _article(message: Message) -> str:
    content, theirs = message.content, message.channel.startswith("received")
    notes = [f"came {message.repeat + 1} times"] if message.repeat else []
    if message.channel == "sms":
        notes.append(content["status"])
    at = f"{message.received_at:%Y-%m-%d %H:%M:%S} UTC"
    sender = f"from {content['from']} " if theirs else ""
    line = f"{message.number} · {_KINDS[message.channel]} · {at} · {sender}to {message.recipient}"
    told = "".join(f' · <span class="note">{escape(note)}</span>' for note in notes)
    told += "".join(_outcome(each) for each in message.callbacks)
    kind = ' class="theirs"' if theirs else ""
    return f"<article{kind}><small>{escape(line)}{told}</small>{_said(message)}</article>"


def _outcome(callback: Mapping[str, str | None]) -> str:
    answer = str(callback["answer"])
    kind = "" if answer.startswith(("2", "3")) else ' class="note"'
    return f" · <span{kind}>{escape(str(callback['what']))}: {escape(answer)}</span>"


def _said(message: Message) -> str:
    content = message.content
    if message.channel == "email":
        link = f'<a href="{EMAIL_PAGE}{message.id}">{escape(content["subject"])}</a>'
        return f"<p><b>{link}</b></p><p>{escape((content['text'] or '')[:300])}</p>"
    if message.channel == "sms":
        media = " ".join(content["media_urls"])
        answer = f'<a href="{TEXT_PAGE}{message.id}">Answer</a>'
        return f"<p>{escape(content['body'])}</p><p>{escape(media)}</p><p>{answer}</p>"
    if message.channel == "received_email":
        return f"<p><b>{escape(content['subject'])}</b></p><p>{escape(content['text'])}</p>"
    if message.channel == "received_text":
        return f"<p>{escape(content['body'])}</p>"
    return f"<p>{escape(content['method'])} {escape(content['body'][:2000])}</p>"


def _texting() -> str:
    inputs = [
        f'<input name="{name}" aria-label="{label}" placeholder="{label}" required>'
        for name, label in (("from", "From"), ("to", "To"), ("body", "Text"))
    ]
    form = fields("Send", "/texts", inputs)
    return f"<details><summary>Text as anybody, to any number</summary>{form}</details>"


def _faults(control: Control) -> str:
    faults = {"Resend": control.resend, "Twilio": control.twilio}
    bad = [
        f"{name}: {fault.mode}, {'until changed' if fault.count is None else f'{fault.count} more'}"
        for name, fault in faults.items()
        if (fault.mode is not Mode.OK or fault.delay_ms) and fault.count != 0
    ]
    return "".join(f'<p class="note">{escape(each)}</p>' for each in bad)


def _help() -> str:
    numbers = "".join(
        f"<li><code>{number}</code> {code}: {escape(why)}</li>"
        for number, (code, why) in MAGIC_NUMBERS.items()
    )
    modes = " ".join(f"<code>{mode}</code>" for mode in Mode)
    return f"""<details><summary>How to make it fail, and how programs ask</summary>
<p>Recipients that are always refused:</p>
<ul><li><code>{REFUSED_MAILBOX}@…</code> 422: the address does not exist</li>{numbers}</ul>
<p><code>PUT /control</code> with
<code>{{"twilio": {{"mode": "error_500", "count": 3, "retry_after": 1, "delay_ms": 0}}}}</code>,
for <code>resend</code> or <code>twilio</code>. Modes: {modes}</p>
<p>Webhooks: any request to <code>/hook/{{name}}</code> is kept; <code>?status=500</code> asks for
that answer.</p>
<p>As JSON: <code>GET /messages?channel=email|sms|hook&amp;to=&amp;limit=</code>,
<code>DELETE /messages</code>. The homeowner: <code>POST /messages/{{id}}/open</code>,
<code>/click</code> <code>{{"index": 0}}</code> or <code>{{"url": …}}</code>, <code>/unsubscribe</code>,
<code>/deliver</code>, <code>/bounce</code> <code>{{"type": "Permanent"}}</code>,
<code>/complain</code>, <code>/reply</code> <code>{{"body": …}}</code>, and
<code>POST /texts</code> <code>{{"from": …, "to": …, "body": …}}</code>.</p></details>"""
