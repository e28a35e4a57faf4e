"""Addresses that nothing may be sent to."""

from uuid import UUID

from api.schemas.common import Page, Shape, Time
from domain.enums import Channel, SuppressionReason


class Suppression(Shape):
    """An e-mail address or a phone number that nothing is sent to, whichever contact has it."""

    id: UUID
    channel: Channel
    address: str
    reason: SuppressionReason
    created_at: Time


class SuppressionList(Page):
    """Suppressed addresses, newest first."""

    suppressions: list[Suppression]
