"""The names of events. Clients send their own; these are the ones that the system raises or knows.

Changes of contacts, projects and tasks are noted by the database itself (`0002_events.sql`).
"""

CONTACT_STAGE_CHANGED = "contact_stage_changed"
PROJECT_STAGE_CHANGED = "project_stage_changed"

EMAIL_OPENED = "email_opened"
EMAIL_CLICKED = "email_clicked"
EMAIL_BOUNCED = "email_bounced"
EMAIL_COMPLAINED = "email_complained"
EMAIL_REPLIED = "email_replied"
SMS_REPLIED = "sms_replied"

APPOINTMENT_SCHEDULED = "appointment_scheduled"
DEAL_WON = "deal_won"
REVIEW_RECEIVED = "review_received"

REPLIES = frozenset({EMAIL_REPLIED, SMS_REPLIED})
