"""The sandbox for people: what was sent, newest first, and each e-mail as its reader sees it."""

import base64
import hashlib
from collections.abc import Iterable
from html import escape

from dev.sandbox.faults import Control, Mode
from dev.sandbox.resend import REFUSED_MAILBOX
from dev.sandbox.store import Message
from dev.sandbox.twilio import MAGIC_NUMBERS

_STYLE = """
body { font: 16px/1.4 system-ui, sans-serif; margin: 0 auto; max-width: 50rem; padding: 1rem }
article { border-top: 1px solid #ccc; padding: .6rem 0; overflow-wrap: anywhere }
article p { margin: .2rem 0; white-space: pre-wrap }
small { color: #555 } .note { color: #a40 }
iframe { border: 1px solid #ccc; width: 100%; height: 75vh }
code { background: #eee; padding: 0 .2em }
"""

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
    " connect-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'none'"
)
# Links open in a tab of their own, so that unsubscribe links can be tried; nothing in it runs.
EMAIL_POLICY = (
    "default-src 'none'; img-src * data:; style-src 'unsafe-inline'; form-action 'none';"
    " sandbox allow-popups allow-popups-to-escape-sandbox"
)


def index(messages: Iterable[Message], total: int, control: Control) -> str:
    """The list of messages, and how to make the providers fail."""
    articles = "".join(_article(message) for message in messages)
    main = f"<main><p>{total} messages</p>{_faults(control)}{articles}</main>"
    return _document("Provider sandbox", f"{main}{_help()}<script>{_REFRESH}</script>")


def email(message: Message) -> str:
    """One e-mail: its head, and its HTML in a frame that runs nothing."""
    content = message.content
    head = [("From", content["from"]), ("To", message.recipient), ("Reply-To", content["reply_to"])]
    head += list(content["headers"].items())
    lines = "".join(f"<p>{escape(name)}: {escape(value)}</p>" for name, value in head if value)
    frame = (
        f'<iframe sandbox="allow-popups allow-popups-to-escape-sandbox" title="The e-mail"'
        f' src="/emails/{message.id}/html"></iframe>'
    )
    text = f"<h2>Text</h2><article><p>{escape(content['text'] or '')}</p></article>"
    body = f'<p><a href="/">All messages</a></p><article>{lines}</article>{frame}{text}'
    return _document(content["subject"], body)


def email_html(message: Message) -> str:
    """The HTML part alone, as it was sent."""
    return f'<base target="_blank">{message.content["html"] or ""}'


def _article(message: Message) -> str:
    content = message.content
    at = f"{message.received_at:%Y-%m-%d %H:%M:%S} UTC"
    notes = [f"came {message.repeat + 1} times"] if message.repeat else []
    if message.channel == "email":
        link = f'<a href="/emails/{message.id}">{escape(content["subject"])}</a>'
        said = f"<p><b>{link}</b></p><p>{escape((content['text'] or '')[:300])}</p>"
    elif message.channel == "sms":
        notes += [f"callback {each['status']}: {each['answer']}" for each in content["callbacks"]]
        media = " ".join(content["media_urls"])
        said = f"<p>{escape(content['body'])}</p><p>{escape(media)}</p>"
        notes.insert(0, content["status"])
    else:
        said = f"<p>{escape(content['method'])} {escape(content['body'][:2000])}</p>"
    line = f"{message.number} · {message.channel} · {at} · to {message.recipient}"
    note = f' <span class="note">{escape(" · ".join(notes))}</span>' if notes else ""
    return f"<article><small>{escape(line)}{note}</small>{said}</article>"


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
    return f"""<details><summary>How to make it fail</summary>
<p>Recipients that are always refused:</p>
<ul><li><code>{REFUSED_MAILBOX}@…</code> 422: the address does not exist</li>{numbers}</ul>
<p><code>PUT /control</code> with
<code>{{"twilio": {{"mode": "error_500", "count": 3, "retry_after": 1, "delay_ms": 0}}}}</code>,
for <code>resend</code> or <code>twilio</code>. Modes: {modes}</p>
<p>Webhooks: any request to <code>/hook/{{name}}</code> is kept; <code>?status=500</code> asks for
that answer.</p>
<p>As JSON: <code>GET /messages?channel=email|sms|hook&amp;to=&amp;limit=</code>,
<code>DELETE /messages</code>.</p></details>"""


def _document(title: str, body: str) -> str:
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style><h1>{escape(title)}</h1>{body}</html>"
    )
