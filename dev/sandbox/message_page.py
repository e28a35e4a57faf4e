"""One message for its reader, and what the reader can do: open, click, reply, and the rest."""

from html import escape

from dev.sandbox.homeowner import Homeowner
from dev.sandbox.markup import button, document, fields, outcomes
from dev.sandbox.store import Message

_BACK = '<p><a href="/">All messages</a></p>'
_NOBODY = "<p>The sandbox does not know where the product is: nobody can open, click or reply.</p>"


def email(message: Message, homeowner: Homeowner | None) -> str:
    """One e-mail: its head, the buttons, and its HTML in a frame that runs nothing."""
    content = message.content
    head = [("From", content["from"]), ("To", message.recipient), ("Reply-To", content["reply_to"])]
    head += list(content["headers"].items())
    lines = "".join(f"<p>{escape(name)}: {escape(value)}</p>" for name, value in head if value)
    frame = (
        f'<h2>The e-mail</h2><iframe sandbox="allow-popups allow-popups-to-escape-sandbox"'
        f' title="The e-mail" src="/emails/{message.id}/html"></iframe>'
    )
    text = f"<h2>Text</h2><article><p>{escape(content['text'] or '')}</p></article>"
    deeds = _email_deeds(message, homeowner) if homeowner else _NOBODY
    body = f"{_BACK}<article>{lines}</article>{deeds}{_history(message)}{frame}{text}"
    return document(content["subject"], body)


def email_html(message: Message, homeowner: Homeowner | None) -> str:
    """The HTML part alone, as it was sent, but for the open pixel: looking here is not opening."""
    html = message.content["html"] or ""
    pixel = homeowner.pixel(message.as_json()) if homeowner else None
    if pixel is not None:
        html = html.replace(escape(pixel), "data:,").replace(pixel, "data:,")
    return f'<base target="_blank">{html}'


def text(message: Message, homeowner: Homeowner | None) -> str:
    """One text, and the answers to it."""
    content, action = message.content, f"/messages/{message.id}/reply"
    media = "".join(f"<p>{escape(url)}</p>" for url in content["media_urls"])
    line = f"From {content['from']} to {message.recipient} · {content['status']}"
    shown = (
        f"<article><small>{escape(line)}</small><p>{escape(content['body'])}</p>{media}</article>"
    )
    field = '<input name="body" aria-label="Your answer" placeholder="Your answer" required>'
    deeds = (
        f'<section class="deeds"><h2>You are the homeowner</h2>{fields("Reply", action, [field])}'
        f"{button('STOP', action, {'body': 'STOP'})}{button('START', action, {'body': 'START'})}"
        "</section>"
    )
    body = f"{_BACK}{shown}{deeds if homeowner else _NOBODY}{_history(message)}"
    return document(f"Text to {message.recipient}", body)


def _email_deeds(message: Message, homeowner: Homeowner) -> str:
    values, action = message.as_json(), f"/messages/{message.id}"
    opening = (
        button("Open", f"{action}/open")
        if homeowner.pixel(values)
        else "<small>It has no open pixel.</small> "
    )
    links = "".join(
        f"<li>{button('Click', f'{action}/click', {'index': str(index)})}"
        f" {escape(link.words or link.url[:80])}</li>"
        for index, link in enumerate(homeowner.links(values))
    )
    mailbox = [
        button("Deliver", f"{action}/deliver"),
        button("Bounce", f"{action}/bounce", {"type": "Permanent"}),
        button("Soft bounce", f"{action}/bounce", {"type": "Transient"}),
        button("Complain", f"{action}/complain"),
    ]
    field = (
        '<textarea name="body" rows="2" aria-label="Your answer" placeholder="Your answer" required>'
        "</textarea>"
    )
    return (
        '<section class="deeds"><h2>You are the homeowner</h2>'
        f"{opening}{button('Unsubscribe', f'{action}/unsubscribe')}<ul>{links}</ul>"
        f"{fields('Reply', f'{action}/reply', [field])}"
        f"<h2>Your mailbox</h2>{''.join(mailbox)}</section>"
    )


def _history(message: Message) -> str:
    if not message.callbacks:
        return ""
    return f"<h2>What came of it</h2><ol>{outcomes(message)}</ol>"
