"""What a provider can say of a message that was handed to it."""

from dataclasses import dataclass
from datetime import datetime

from domain.enums import EngagementKind, SuppressionReason


@dataclass(frozen=True, slots=True, kw_only=True)
class Engagement:
    """What somebody, or something, did with an e-mail.

    `user_agent` is empty if the client gave none, and None, as `address`, where that is not known.
    """

    kind: EngagementKind
    url: str | None = None
    user_agent: str | None = None
    address: str | None = None
    method: str = "GET"


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What became of a message, in the words of no provider. Reports come in any order, and repeatedly.

    Attributes:
        at: When it happened.
        provider_id: What the provider calls the message.
        went_out: The provider has sent it, or tried to; False if it never will.
        delivered: It has arrived.
        bounced: It will not arrive.
        error: Why not, or why not yet.
        suppresses: Why nothing is to be sent to the address any more.
        opted_out_by: Who says that the person wants nothing any more, as consents name their source.
        event_name: The event that this is.
        engagement: What was done with it.
    """

    at: datetime
    provider_id: str | None = None
    went_out: bool = True
    delivered: bool = False
    bounced: bool = False
    error: str | None = None
    suppresses: SuppressionReason | None = None
    opted_out_by: str | None = None
    event_name: str | None = None
    engagement: Engagement | None = None
