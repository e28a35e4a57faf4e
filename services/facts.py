"""What is known of an enrollment, as variables of messages and as facts of conditions."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from db.situations import Addressee, Situation
from db.tables import Base, Contact, Project


def variables(addressee: Addressee) -> dict[str, Any]:
    """The values of the variables that a text may use, but for links of its own."""
    contact, project, user = addressee.contact, addressee.project, addressee.user
    settings = addressee.tenant
    names = (contact.first_name, contact.last_name)
    return {
        "first_name": contact.first_name,
        "last_name": contact.last_name,
        "contact_name": " ".join(name for name in names if name),
        "company_name": settings.company_name,
        "user_name": user.name if user else None,
        "user_phone": user.phone if user else None,
        "estimate_amount": _money(project.estimate_amount) if project else None,
        "monthly_payment": _money(project.monthly_payment) if project else None,
        "review_link": settings.review_link,
        "calendar_link": settings.calendar_link,
        "booking_link": settings.booking_link,
        "contact": _shown(contact),
        "project": _shown(project) if project else {},
        "custom": contact.custom,
        "event": addressee.event,
    }


def facts(situation: Situation) -> dict[str, Any]:
    """What conditions compare in an enrollment."""
    enrollment = situation.enrollment
    return {
        **facts_before(situation.contact, situation.project, enrollment.event),
        "enrollment": _columns(enrollment) | {"replied": enrollment.replied_at is not None},
    }


def facts_before(
    contact: Contact, project: Project | None, event: Mapping[str, Any]
) -> dict[str, Any]:
    """What conditions compare while there is no enrollment."""
    return {
        "contact": _columns(contact),
        "project": _columns(project) if project else None,
        "custom": contact.custom,
        "event": event,
    }


def _columns(row: Base) -> dict[str, Any]:
    return {column.key: getattr(row, column.key) for column in row.__table__.columns}


def _shown(row: Base) -> dict[str, Any]:
    return {
        key: _money(value) if isinstance(value, Decimal) else value
        for key, value in _columns(row).items()
    }


def _money(amount: Decimal | None) -> str | None:
    """12500 as people write it, `12,500.00`; the currency's sign is the template's."""
    return None if amount is None else f"{amount:,.2f}"
