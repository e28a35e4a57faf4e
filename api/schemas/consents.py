"""What contacts allow."""

from uuid import UUID

from api.schemas.common import Body, Label, Long, Page, Shape, Time, TimeIn
from domain.enums import Channel, ConsentAction


class ConsentBody(Body):
    """What a contact has said, where (`source`: `web_form`, `phone_call`), in which words, and when."""

    channel: Channel
    action: ConsentAction
    source: Label
    wording: Long | None = None
    given_at: TimeIn | None = None


class Consent(Shape):
    """A change of what a contact allows. `recorded_by` is the user, null where nobody had a hand in it."""

    id: UUID
    contact_id: UUID
    channel: Channel
    action: ConsentAction
    source: str
    wording: str | None
    recorded_by: UUID | None
    given_at: Time
    created_at: Time


class ConsentAnswer(Shape):
    """One record."""

    consent: Consent


class ConsentList(Page):
    """The records of a contact, newest first."""

    consents: list[Consent]
