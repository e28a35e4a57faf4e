"""Events: their names, and what they mean to campaigns. Clients send any other name they like.

Changes of contacts, projects and tasks are noted by the database itself (`0002_events.sql`).
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from domain.condition_tree import as_number, folded
from domain.enums import GoalType
from domain.fields import MAX_MONEY

CONTACT_STAGE_CHANGED: Final = "contact_stage_changed"
CONTACT_UNSUBSCRIBED: Final = "contact_unsubscribed"
PROJECT_STAGE_CHANGED: Final = "project_stage_changed"
STAGE_CHANGES: Final = frozenset({CONTACT_STAGE_CHANGED, PROJECT_STAGE_CHANGED})

EMAIL_OPENED: Final = "email_opened"
EMAIL_CLICKED: Final = "email_clicked"
EMAIL_BOUNCED: Final = "email_bounced"
EMAIL_COMPLAINED: Final = "email_complained"
EMAIL_REPLIED: Final = "email_replied"
SMS_REPLIED: Final = "sms_replied"
REPLIES: Final = frozenset({EMAIL_REPLIED, SMS_REPLIED})

APPOINTMENT_SCHEDULED: Final = "appointment_scheduled"
DEAL_WON: Final = "deal_won"
REVIEW_RECEIVED: Final = "review_received"

_GOALS: Final = {
    APPOINTMENT_SCHEDULED: GoalType.APPOINTMENTS,
    DEAL_WON: GoalType.DEALS,
    REVIEW_RECEIVED: GoalType.REVIEWS,
    EMAIL_CLICKED: GoalType.ENGAGEMENT,
    EMAIL_REPLIED: GoalType.ENGAGEMENT,
    SMS_REPLIED: GoalType.ENGAGEMENT,
}


def goal_of(event_name: str, properties: Mapping[str, Any], won_stage: str) -> GoalType | None:
    """The goal that an event reaches. A deal that is reversed, with a negative amount, reaches none."""
    if event_name == PROJECT_STAGE_CHANGED:
        return (
            GoalType.DEALS if entered_stage(event_name, properties) == folded(won_stage) else None
        )
    if event_name == DEAL_WON and (revenue(properties.get("amount")) or 0) < 0:
        return None
    return _GOALS.get(event_name)


def entered_stage(event_name: str, properties: Mapping[str, Any]) -> str | None:
    """The stage that a contact or a project came to, as stages are compared; None for other events.

    One that is only spelled anew was not entered.
    """
    before, stage = properties.get("from_stage"), properties.get("to_stage")
    if event_name not in STAGE_CHANGES or not isinstance(stage, str):
        return None
    if isinstance(before, str) and folded(before) == folded(stage):
        return None
    return folded(stage)


def revenue(amount: object) -> Decimal | None:
    """An amount of money in dollars, negative where it is taken back; None for what is none."""
    number = as_number(amount)
    if number is None or abs(number) > MAX_MONEY:
        return None
    return number.quantize(Decimal("0.01"))
