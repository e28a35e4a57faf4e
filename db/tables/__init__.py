"""The tables as classes. The schema itself, with its keys, checks and policies, is `db/migrations`."""

from db.tables.analytics import AnalyticsDelta, CampaignAnalytics, StepAnalytics
from db.tables.base import Base, SentRow
from db.tables.campaigns import (
    Campaign,
    CampaignStep,
    CampaignTemplate,
    CampaignTrigger,
    CounterDelta,
    MessageTemplate,
)
from db.tables.crm import Contact, CustomField, Notification, Project, Task
from db.tables.enrollments import Enrollment, Execution
from db.tables.events import Attribution, Event, HoldoutResult, TriggerMatch
from db.tables.jobs import Job, JobError, JobFile, JobItem
from db.tables.messages import (
    Consent,
    Conversation,
    Engagement,
    Message,
    Suppression,
    TestMessage,
    WebhookReceipt,
)
from db.tables.safety import Alert, DailySends
from db.tables.tenancy import (
    AccountMail,
    ApiKey,
    IdempotencyKey,
    PasswordLink,
    SignIn,
    Tenant,
    User,
)

__all__ = [
    "AccountMail",
    "Alert",
    "AnalyticsDelta",
    "ApiKey",
    "Attribution",
    "Base",
    "Campaign",
    "CampaignAnalytics",
    "CampaignStep",
    "CampaignTemplate",
    "CampaignTrigger",
    "Consent",
    "Contact",
    "Conversation",
    "CounterDelta",
    "CustomField",
    "DailySends",
    "Engagement",
    "Enrollment",
    "Event",
    "Execution",
    "HoldoutResult",
    "IdempotencyKey",
    "Job",
    "JobError",
    "JobFile",
    "JobItem",
    "Message",
    "MessageTemplate",
    "Notification",
    "PasswordLink",
    "Project",
    "SentRow",
    "SignIn",
    "StepAnalytics",
    "Suppression",
    "Task",
    "Tenant",
    "TestMessage",
    "TriggerMatch",
    "User",
    "WebhookReceipt",
]
