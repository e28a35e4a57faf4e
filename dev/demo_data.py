"""The demo campaign of `make demo`, and the homeowners that walk through it."""

from typing import Any

Json = dict[str, Any]

CAMPAIGN: Json = {
    "name": "Hail season follow-up",
    "description": "From the free inspection to the estimate, in two weeks.",
    "campaign_type": "drip",
    "goal_type": "appointments",
    "business_hours": {"start": 9, "end": 17.5, "days": ["Mon", "Tue", "Wed", "Thu", "Fri"]},
    "holidays": "us_federal",
    "allow_re_enrollment": True,
}

STEPS: dict[str, Json] = {
    "welcome": {
        "step_type": "send_email",
        "step_config": {
            "subject": "{{ first_name }}, your free roof inspection",
            "preheader": "Twenty minutes, photos included, no obligation.",
            "html": (
                "<p>Hi {{ first_name }},</p><p>Last week's hail hit roofs all over your part of town. "
                "Ours is a 20-minute inspection with photos of anything we find, and it costs you "
                'nothing.</p><p><a href="{{ calendar_link }}">Pick a time</a></p>'
                "<p>{{ user_name }}<br>{{ company_name }}</p>"
            ),
        },
    },
    "nudge": {
        "step_type": "send_sms",
        "delay_value": 2,
        "delay_unit": "days",
        "step_config": {
            "body": (
                "Hi {{ first_name }}, {{ company_name }} here. Still want that free roof check? "
                "Pick a time: {{ calendar_link }} Reply STOP to opt out."
            )
        },
    },
    "fork": {
        "step_type": "conditional",
        "delay_value": 1,
        "delay_unit": "days",
        "conditions": {
            "all": [{"field": "contact.tags", "operator": "contains", "value": "insured"}]
        },
    },
    "insured": {
        "step_type": "send_email",
        "parent_step_id": "fork",
        "branch": "true",
        "step_config": {
            "subject": "What your insurer will ask you",
            "html": (
                "<p>Hi {{ first_name }},</p><p>Insurers ask for dated photos and a written damage "
                "report. Both come out of our inspection, ready to send.</p>"
                "<p>{{ user_name }}, {{ user_phone }}</p>"
            ),
        },
    },
    "tagged": {
        "step_type": "manage_tags",
        "parent_step_id": "fork",
        "branch": "false",
        "step_config": {"add": ["ask-about-insurance"]},
    },
    "call": {
        "step_type": "create_task",
        "delay_value": 3,
        "delay_unit": "days",
        "step_config": {
            "title": "Call {{ contact_name }} about the inspection",
            "description": "No appointment yet. Roof: {{ custom.roof | default: 'not known' }}.",
            "task_type": "call",
            "due_in_days": 1,
            "priority": "high",
        },
    },
    "estimate": {
        "step_type": "send_email",
        "delay_value": 3,
        "delay_unit": "days",
        "step_config": {
            "subject": "One last thing about your roof",
            "html": (
                "<p>Hi {{ first_name }},</p><p>Small leaks are quiet until they are not. If you would "
                'rather talk than click, call {{ user_name }}: {{ user_phone }}. Or <a href="'
                '{{ booking_link }}">book here</a>.</p><p>{{ company_name }}</p>'
            ),
        },
    },
    "told": {
        "step_type": "notify",
        "step_config": {
            "role": "admin",
            "title": "{{ contact_name }} has been through the hail follow-up",
            "message": "No appointment after two weeks; stage: {{ contact.stage | default: 'none' }}.",
        },
    },
}

CONTACTS: list[Json] = [
    {"first_name": "Ann", "last_name": "Lee", "email": "ann@home.example", "phone": "+13035550141",
     "sms_consent": True, "tags": ["insured"], "stage": "new", "postal_code": "80202"},
    {"first_name": "Ben", "last_name": "Ortiz", "email": "ben@home.example", "phone": "+12125550142",
     "sms_consent": True, "timezone": "America/New_York", "custom": {"roof": "slate"}},
    {"first_name": "Cleo", "last_name": "Young", "email": "cleo@home.example",
     "phone": "+18085550143", "sms_consent": True, "timezone": "Pacific/Honolulu"},
    {"first_name": "Dan", "last_name": "Brown", "email": "dan@home.example", "phone": "+13035550144"},
    {"first_name": "Eve", "last_name": "Stone", "phone": "+13035550145", "sms_consent": True},
    {"first_name": "Finn", "last_name": "Walker", "email": "finn@home.example",
     "phone": "+14015550146", "sms_consent": True, "state": "RI", "tags": ["insured"]},
    {"first_name": "Gus", "last_name": "Meyer", "email": "gus@home.example", "email_opt_out": True,
     "phone": "+13035550147", "sms_consent": True},
    {"first_name": "Hana", "last_name": "Sato", "email": "hana@home.example",
     "custom": {"roof": "tile"}, "tags": ["insured"]},
]  # fmt: skip
