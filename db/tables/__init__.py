"""The tables as classes. The schema itself, with its keys, checks and policies, is `db/migrations`."""

from db.tables.base import Base
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
from db.tables.tenancy import ApiKey, IdempotencyKey, SignIn, Tenant, User

__all__ = [
    "ApiKey",
    "Base",
    "Campaign",
    "CampaignAnalytics",
    "CampaignStep",
    "CampaignTemplate",
    "CampaignTrigger",
    "Contact",
    "CounterDelta",
    "Enrollment",
    "Execution",
    "IdempotencyKey",
    "MessageTemplate",
    "Notification",
    "Project",
    "SignIn",
    "Task",
    "Tenant",
    "User",
]
