"""`/u/…`: the way out of a company's e-mail, behind a signed link, without a login.

Mail scanners follow every link, so a GET only shows a page; the POST unsubscribes, whether a person presses the
button or a mailbox uses RFC 8058.
"""

from html import escape

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from api.access import Now, State
from api.repeats import RepeatableRoute
from db.company import own_tenant
from db.session import engine
from services import feedback
from services.links import UNSUBSCRIBE

router = APIRouter(
    prefix="/u",
    tags=["unsubscribe"],
    default_response_class=HTMLResponse,
    route_class=RepeatableRoute,
)

_PAGE = """<!doctype html><html lang="en"><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>Unsubscribe</title>
<style>body{{font:18px/1.5 system-ui,sans-serif;max-width:32rem;margin:15vh auto;padding:0 1rem;color:#1c1c1c}}
button{{font:inherit;padding:.6rem 1.2rem;border:0;border-radius:.5rem;background:#1f4b99;color:#fff}}</style>
<main>{content}</main></html>"""


@router.head("/{token}", include_in_schema=False)
@router.get("/{token}")
async def ask(state: State, token: str) -> HTMLResponse:
    """The page with the button."""
    company = await _company(state, token)
    return _page(
        f"<h1>Unsubscribe?</h1><p>Press the button, and {escape(company)} will send you no more "
        "e-mail.</p>"
        '<form method="post"><button>Unsubscribe</button></form>'
    )


@router.post("/{token}")
async def unsubscribe(state: State, now: Now, token: str) -> HTMLResponse:
    """Opt out of the company's e-mail, at once."""
    tenant_id, contact_id, *sent_by = state.tokens.read(UNSUBSCRIBE, token)
    execution_id = sent_by[1] if len(sent_by) > 1 else None
    async with state.database.transaction(engine(tenant_id)) as session:
        await feedback.unsubscribe(session, contact_id, execution_id, now)
    await state.dispatcher.deliver(tenant_id, session.outbox)
    company = await _company(state, token)
    return _page(
        f"<h1>You are unsubscribed</h1><p>{escape(company)} will send you no more e-mail.</p>"
    )


async def _company(state: State, token: str) -> str:
    tenant_id, *_ = state.tokens.read(UNSUBSCRIBE, token)
    async with state.database.transaction(engine(tenant_id)) as session:
        tenant = await own_tenant(session)
    return tenant.company_name or tenant.name


def _page(content: str) -> HTMLResponse:
    return HTMLResponse(
        _PAGE.format(content=content),
        headers={
            "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; "
            "form-action 'self'; frame-ancestors 'none'",
            "Cache-Control": "no-store",
            "Referrer-Policy": "no-referrer",
            "X-Robots-Tag": "noindex",
        },
    )
