"""Telling the admins of a company that something needs them: once a day of each kind and campaign."""

from dataclasses import dataclass

from db.alerts import Unmailed, find_alert, insert_alert, is_raised, notify_admins
from db.company import own_tenant
from db.session import Session
from db.tables import Campaign
from domain.enums import AlertKind


async def raise_alert(
    session: Session, kind: AlertKind, *, campaign: Campaign | None, title: str, message: str
) -> bool:
    """Tell every active admin, in this transaction of the engine, unless they were told today.

    A day is one of the company's own time zone. `title` and `message` are plain words for people. It may be
    raised wherever it is found: what was raised already costs one look-up. Whether it is new.
    """
    campaign_id = campaign.id if campaign else None
    if await is_raised(session, kind, campaign_id):
        return False
    # Two may have looked at once: the second waits for the first, and finds that it has told them.
    if not await insert_alert(session, kind, campaign_id, title, message):
        return False
    await notify_admins(session, campaign_id, title, message)
    return True


@dataclass(frozen=True, slots=True)
class Letter:
    """An alert as an e-mail."""

    to: str
    subject: str
    text: str
    own_sender: str | None


async def letter_of(session: Session, unmailed: Unmailed, public_url: str) -> Letter | None:
    """What the company's `alert_email` is to be told; None where it has none."""
    alert, tenant = await find_alert(session, unmailed.alert_id), await own_tenant(session)
    if not tenant.alert_email:
        return None
    parts = [alert.message]
    if alert.campaign_id:
        parts.append(f"{public_url.rstrip('/')}/campaigns/{alert.campaign_id}")
    parts.append(
        f"This address gets the alerts of {tenant.company_name or tenant.name}, as its settings say."
    )
    return Letter(
        to=tenant.alert_email,
        # A campaign's name may have line breaks, a subject may not.
        subject=" ".join(alert.title.split()),
        text="\n\n".join(parts) + "\n",
        own_sender=tenant.from_email,
    )
