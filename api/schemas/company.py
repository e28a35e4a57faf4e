"""The company: settings, users, keys, message templates, and who is signed in."""

from typing import Annotated, Self
from uuid import UUID

from pydantic import (
    AfterValidator,
    Field,
    HttpUrl,
    PlainSerializer,
    StringConstraints,
    field_validator,
    model_validator,
)

from api.schemas.common import (
    Body,
    Email,
    Flag,
    HeaderText,
    Label,
    Name,
    Number,
    Page,
    Phone,
    Shape,
    Time,
    Zone,
    reject_null,
)
from domain.config_parts import Line, Template
from domain.enums import Channel, Role
from domain.errors import Invalid


def _ascii(address: str) -> str:
    if not address.isascii():
        raise ValueError("a sender's address has ASCII characters only")
    return address


Link = Annotated[HttpUrl, PlainSerializer(str, return_type=str)]
Password = Annotated[str, StringConstraints(min_length=12, max_length=200, strip_whitespace=False)]
"""NIST SP 800-63B: length is what counts."""
AnyPassword = Annotated[str, StringConstraints(max_length=200, strip_whitespace=False)]
"""One that was chosen before, by whatever rule."""


SenderEmail = Annotated[Email, AfterValidator(_ascii)]
"""Mail servers between us and the homeowner still take senders in ASCII only (RFC 6531 is optional)."""


Cap = Annotated[Number, Field(ge=1, le=2_147_483_647)]


class SettingsPatch(Body):
    """What is to change of the company's settings.

    `daily_send_cap` is how many messages campaigns send in a day of the company, `contact_daily_cap` how many
    one contact gets of them all; null is as many as are due. What is over a cap goes on a later day.
    """

    company_name: Annotated[HeaderText, Field(min_length=1)] | None = None
    postal_address: Annotated[str, StringConstraints(max_length=1000)] | None = None
    timezone: Zone | None = None
    review_link: Link | None = None
    calendar_link: Link | None = None
    booking_link: Link | None = None
    from_email: SenderEmail | None = None
    from_name: HeaderText | None = None
    sms_number: Phone | None = None
    alert_email: Email | None = None
    won_stage: Label | None = None
    attribution_days: Annotated[Number, Field(ge=0, le=3650)] | None = None
    daily_send_cap: Cap | None = None
    contact_daily_cap: Cap | None = None

    _not_null = field_validator(
        "company_name",
        "timezone",
        "won_stage",
        "attribution_days",
        mode="before",
    )(reject_null)


class Settings(Shape):
    """The company's settings. `webhook_secret` signs its webhooks; an admin sees it.

    `alert_email` is who is told by e-mail, too, what its admins are notified of.
    """

    company_name: str | None
    postal_address: str | None
    timezone: str
    review_link: str | None
    calendar_link: str | None
    booking_link: str | None
    from_email: str | None
    from_name: str | None
    sms_number: str | None
    alert_email: str | None
    won_stage: str
    attribution_days: int
    daily_send_cap: int | None
    contact_daily_cap: int | None
    webhook_secret: str | None = None


class SettingsAnswer(Shape):
    """The company's settings."""

    settings: Settings


class UserCreate(Body):
    """A new user; without a password they cannot sign in yet. `invite` mails them a link to choose one."""

    email: Email
    name: Name
    role: Role
    phone: Phone | None = None
    password: Password | None = None
    invite: Flag = False


class UserPatch(Body):
    """What is to change of a user."""

    email: Email | None = None
    name: Name | None = None
    role: Role | None = None
    phone: Phone | None = None
    password: Password | None = None
    is_active: Flag | None = None

    _not_null = field_validator("email", "name", "role", "password", "is_active", mode="before")(
        reject_null
    )


class User(Shape):
    """A person of the company."""

    id: UUID
    email: str
    name: str
    phone: str | None
    role: Role
    is_active: bool
    created_at: Time
    updated_at: Time


class UserAnswer(Shape):
    """One user."""

    user: User


class UserList(Page):
    """The company's users, newest first."""

    users: list[User]


class Tenant(Shape):
    """The caller's company."""

    id: UUID
    name: str
    timezone: str


class Me(Shape):
    """Who the caller is; `role` is that of the key, where it asks by key."""

    user: User
    tenant: Tenant
    role: Role


class SignInBody(Body):
    """A sign-in."""

    email: Email
    password: AnyPassword


class MePatch(Body):
    """What is to change of one's own profile; a new `password` takes the `current_password`."""

    name: Name | None = None
    phone: Phone | None = None
    password: Password | None = None
    current_password: AnyPassword | None = None

    _not_null = field_validator("name", "password", mode="before")(reject_null)

    @model_validator(mode="after")
    def _proven(self) -> Self:
        if self.password is not None and self.current_password is None:
            raise Invalid.field("current_password", "is needed for a new password")
        return self


class ResetBody(Body):
    """Who has forgotten a password."""

    email: Email


class AccountMail(Shape):
    """Where a link to choose a password goes to, and for how many hours it is valid.

    Of a reset it does not tell whether anybody has the address.
    """

    email: str
    valid_hours: int


class AccountMailAnswer(Shape):
    """What is mailed."""

    mail: AccountMail


class PasswordBody(Body):
    """A password, and the `token` of the link that allows to choose it."""

    token: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    password: Password


class ApiKeyCreate(Body):
    """A new key; it acts as `user_id`, else as whoever makes it, in `role`."""

    name: Name
    role: Role
    user_id: UUID | None = None


class ApiKey(Shape):
    """A key, but for its secret part."""

    id: UUID
    name: str
    role: Role
    user_id: UUID
    prefix: str
    created_at: Time


class NewApiKey(ApiKey):
    """A key at the only time that it is shown."""

    key: str


class NewApiKeyAnswer(Shape):
    """A key that was just made."""

    api_key: NewApiKey


class ApiKeyList(Page):
    """The company's keys, newest first."""

    api_keys: list[ApiKey]


class MessageTemplateFields(Body):
    """Content that several steps may share: `subject` and `html` or `body` of an e-mail, `body` of a text."""

    subject: Line | None = None
    html: Template | None = None
    body: Template | None = None


class MessageTemplateCreate(MessageTemplateFields):
    """A new message template."""

    name: Name
    channel: Channel


class MessageTemplatePatch(MessageTemplateFields):
    """What is to change; the channel stays."""

    name: Name | None = None

    _not_null = field_validator("name", mode="before")(reject_null)


class MessageTemplate(Shape):
    """Content that several steps may share."""

    id: UUID
    name: str
    channel: Channel
    subject: str | None
    html: str | None
    body: str | None
    created_at: Time
    updated_at: Time


class MessageTemplateAnswer(Shape):
    """One message template."""

    message_template: MessageTemplate


class MessageTemplateList(Page):
    """Message templates, newest first."""

    message_templates: list[MessageTemplate]
