"""The tables as classes. The schema itself, with its keys, checks and policies, is `db/migrations`."""

from db.tables.base import Base, SentRow
from db.tables.campaigns import (
    Campaign,
    CampaignAnalytics,
    CampaignStep,
    CampaignTemplate,
    CampaignTrigger,
    CounterDelta,
    MessageTemplate,
)
from db.tables.crm import Contact, Notification, Project, Task
from db.tables.enrollments import Enrollment, Execution
from db.tables.events import Attribution, Event, TriggerMatch
from db.tables.jobs import Job, JobError, JobFile, JobItem
from db.tables.messages import Consent, Engagement, Message, Suppression, WebhookReceipt
from db.tables.safety import Alert, DailySends
from db.tables.tenancy import ApiKey, IdempotencyKey, SignIn, Tenant, User

__all__ = [
    "Alert",
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
    "CounterDelta",
    "DailySends",
    "Engagement",
    "Enrollment",
    "Event",
    "Execution",
    "IdempotencyKey",
    "Job",
    "JobError",
    "JobFile",
    "JobItem",
    "Message",
    "MessageTemplate",
    "Notification",
    "Project",
    "SentRow",
    "SignIn",
    "Suppression",
    "Task",
    "Tenant",
    "TriggerMatch",
    "User",
    "WebhookReceipt",
]
