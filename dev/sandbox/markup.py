"""What the sandbox's pages are made of: server-rendered, usable without scripts."""

from collections.abc import Iterable, Mapping
from html import escape

from dev.sandbox.store import Message

_STYLE = """
body { font: 16px/1.4 system-ui, sans-serif; margin: 0 auto; max-width: 50rem; padding: 1rem }
article { border-top: 1px solid #ccc; padding: .6rem 0; overflow-wrap: anywhere }
article p { margin: .2rem 0; white-space: pre-wrap }
h2 { font-size: 1.1rem; margin: 1.2rem 0 .4rem }
small { color: #555 } .note { color: #a40 } .theirs { border-left: .25rem solid #2a7; padding-left: .6rem }
iframe { border: 1px solid #ccc; width: 100%; height: 75vh }
code { background: #eee; padding: 0 .2em }
ol, ul { margin: .3rem 0; padding-left: 1.4rem; overflow-wrap: anywhere }
form { display: inline-block; margin: 0 .3rem .3rem 0; max-width: 100% }
form.wide { display: flex; gap: .4rem; margin: .3rem 0 }
button, input, textarea { border: 1px solid #888; border-radius: .3rem; font: inherit; padding: .25rem .6rem }
button { background: #f4f4f4; cursor: pointer } button:hover { background: #e6e6e6 }
input, textarea { flex: 1; min-width: 0 }
.deeds { background: #f8f8f8; border: 1px solid #ddd; border-radius: .4rem; padding: .1rem .8rem .6rem }
"""


def document(title: str, body: str) -> str:
    """A page."""
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style><h1>{escape(title)}</h1>{body}</html>"
    )


def button(label: str, action: str, fields: Mapping[str, str] | None = None) -> str:
    """A form that is nothing but its button."""
    hidden = "".join(
        f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">'
        for name, value in (fields or {}).items()
    )
    return (
        f'<form method="post" action="{escape(action)}">{hidden}'
        f"<button>{escape(label)}</button></form>"
    )


def fields(label: str, action: str, inputs: Iterable[str]) -> str:
    """A form with fields side by side."""
    return (
        f'<form class="wide" method="post" action="{escape(action)}">{"".join(inputs)}'
        f"<button>{escape(label)}</button></form>"
    )


def outcomes(message: Message) -> str:
    """What was done about the message, and what the product answered, the latest last."""
    return "".join(f"<li>{escape(_outcome(each))}</li>" for each in message.callbacks)


def _outcome(callback: Mapping[str, str | None]) -> str:
    leads = f", leads to {callback['location']}" if callback["location"] else ""
    return f"{str(callback['at'])[11:19]} UTC · {callback['what']}: {callback['answer']}{leads}"
