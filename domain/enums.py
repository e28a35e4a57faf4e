"""The words of the public contract. Each value is stored and sent as it stands here."""

from enum import StrEnum


class CampaignType(StrEnum):
    """What a campaign is for."""

    DRIP = "drip"
    EVENT = "event"
    REENGAGEMENT = "reengagement"
    RETENTION = "retention"
    NURTURE = "nurture"


class CampaignStatus(StrEnum):
    """The life of a campaign: draft, then active and paused in turn, and archived for good."""

    DRAFT = "draft"
    ACTIVE = "active"
    PAUSED = "paused"
    ARCHIVED = "archived"


class GoalType(StrEnum):
    """What counts as success for a contact of a campaign."""

    APPOINTMENTS = "appointments"
    DEALS = "deals"
    REVIEWS = "reviews"
    ENGAGEMENT = "engagement"


class EnrollmentType(StrEnum):
    """Whether triggers may enroll contacts into a campaign."""

    AUTOMATIC = "automatic"
    MANUAL = "manual"


class OnResume(StrEnum):
    """What a resumed campaign does with the steps that came due while it was paused."""

    SEND = "send"
    SHIFT = "shift"
    SKIP = "skip"


class StepType(StrEnum):
    """The ten kinds of step."""

    SEND_EMAIL = "send_email"
    SEND_SMS = "send_sms"
    CREATE_TASK = "create_task"
    WAIT = "wait"
    UPDATE_FIELD = "update_field"
    MANAGE_TAGS = "manage_tags"
    NOTIFY = "notify"
    WEBHOOK = "webhook"
    CONDITIONAL = "conditional"
    EXIT_CAMPAIGN = "exit_campaign"


class DelayUnit(StrEnum):
    """Minutes and hours are elapsed time; days and weeks are calendar days."""

    MINUTES = "minutes"
    HOURS = "hours"
    DAYS = "days"
    WEEKS = "weeks"


class Branch(StrEnum):
    """The side of a conditional that a step stands on."""

    TRUE = "true"
    FALSE = "false"


class OnFailure(StrEnum):
    """What a step that fails for good means for its enrollment."""

    CONTINUE = "continue"
    EXIT = "exit"


class TriggerType(StrEnum):
    """What enrolls contacts by itself."""

    STAGE_CHANGE = "stage_change"
    TIME_BASED = "time_based"
    EVENT = "event"
    MANUAL = "manual"


class EnrollmentStatus(StrEnum):
    """Active and paused enrollments have a workflow; the others are over."""

    ACTIVE = "active"
    PAUSED = "paused"
    COMPLETED = "completed"
    EXITED = "exited"
    FAILED = "failed"


class ExitReason(StrEnum):
    """Why an enrollment is over."""

    COMPLETED = "completed"
    GOAL_ACHIEVED = "goal_achieved"
    UNSUBSCRIBED = "unsubscribed"
    STAGE_CHANGED = "stage_changed"
    MANUAL_REMOVE = "manual_remove"
    ERROR = "error"
    REPLIED = "replied"
    CAMPAIGN_ARCHIVED = "campaign_archived"
    CONTACT_DELETED = "contact_deleted"
    HELD_OUT = "held_out"


class EnrollmentSource(StrEnum):
    """Who enrolled the contact."""

    AUTOMATIC_TRIGGER = "automatic_trigger"
    MANUAL_ADMIN = "manual_admin"
    API = "api"
    BULK_IMPORT = "bulk_import"


class ExecutionStatus(StrEnum):
    """One visit of a step. `unknown`: nobody can tell whether a message went out; it stays unsent."""

    PENDING = "pending"
    RUNNING = "running"
    COMPLETED = "completed"
    FAILED = "failed"
    SKIPPED = "skipped"
    UNKNOWN = "unknown"


class Channel(StrEnum):
    """How a message reaches a person."""

    EMAIL = "email"
    SMS = "sms"


class Direction(StrEnum):
    """Whether a message came from the contact or went to it."""

    INBOUND = "inbound"
    OUTBOUND = "outbound"


class ConsentAction(StrEnum):
    """What a contact has allowed, or has stopped allowing."""

    CONSENTED = "consented"
    WITHDRAWN = "withdrawn"
    OPTED_OUT = "opted_out"
    OPTED_IN = "opted_in"


class SuppressionReason(StrEnum):
    """Why nothing goes to an address any more."""

    OPT_OUT = "opt_out"
    HARD_BOUNCE = "hard_bounce"
    COMPLAINT = "complaint"


class EngagementKind(StrEnum):
    """What was done with an e-mail."""

    OPEN = "open"
    CLICK = "click"


class JobStatus(StrEnum):
    """The life of a job."""

    RUNNING = "running"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"


class AlertKind(StrEnum):
    """What the admins of a company are told of."""

    SENDS_FAILING = "sends_failing"
    CAMPAIGN_PAUSED = "campaign_paused"
    CONSENT_MISSING = "consent_missing"
    CAP_REACHED = "cap_reached"
    CAMPAIGN_STALLED = "campaign_stalled"


class Role(StrEnum):
    """What a user, or an API key that acts as one, may do."""

    ADMIN = "admin"
    MANAGER = "manager"
    STAFF = "staff"
