"""The words that columns allow are those of `domain.enums`."""

from enum import StrEnum

import asyncpg

from domain import enums
from tests.db.catalogue import columns, tables

OF_ENUMS: dict[tuple[str, str], type[StrEnum]] = {
    ("account_mails", "status"): enums.ExecutionStatus,
    ("alerts", "kind"): enums.AlertKind,
    ("api_keys", "role"): enums.Role,
    ("campaign_enrollments", "enrollment_source"): enums.EnrollmentSource,
    ("campaign_enrollments", "exit_reason"): enums.ExitReason,
    ("campaign_enrollments", "status"): enums.EnrollmentStatus,
    ("campaign_step_executions", "status"): enums.ExecutionStatus,
    ("campaign_steps", "branch"): enums.Branch,
    ("campaign_steps", "delay_unit"): enums.DelayUnit,
    ("campaign_steps", "on_failure"): enums.OnFailure,
    ("campaign_steps", "step_type"): enums.StepType,
    ("campaign_triggers", "trigger_type"): enums.TriggerType,
    ("campaigns", "campaign_type"): enums.CampaignType,
    ("campaigns", "enrollment_type"): enums.EnrollmentType,
    ("campaigns", "goal_type"): enums.GoalType,
    ("campaigns", "on_resume"): enums.OnResume,
    ("campaigns", "status"): enums.CampaignStatus,
    ("consents", "action"): enums.ConsentAction,
    ("consents", "channel"): enums.Channel,
    ("engagements", "kind"): enums.EngagementKind,
    ("jobs", "status"): enums.JobStatus,
    ("message_templates", "channel"): enums.Channel,
    ("messages", "channel"): enums.Channel,
    ("messages", "direction"): enums.Direction,
    ("messages", "status"): enums.ExecutionStatus,
    ("suppressions", "channel"): enums.Channel,
    ("suppressions", "reason"): enums.SuppressionReason,
    ("test_messages", "channel"): enums.Channel,
    ("test_messages", "status"): enums.ExecutionStatus,
    ("users", "role"): enums.Role,
}

NOT_OF_THE_DOMAIN = {
    ("account_mails", "workflow_status"): {"unstarted", "running", "closed"},
    ("activities", "status"): {"open", "completed", "cancelled"},
    ("campaign_analytics", "grain"): {"quarter", "hour", "day"},
    ("campaign_enrollments", "workflow_status"): {"unstarted", "running", "closed"},
    ("custom_fields", "entity"): {"contact", "project"},
    ("jobs", "workflow_status"): {"unstarted", "running", "closed"},
    ("messages", "workflow_status"): {"unstarted", "running", "closed"},
    ("step_analytics", "grain"): {"quarter", "day"},
}
"""Words that the rules do not know: the CRM's, the rollup's, and those between the database and Temporal."""


async def test_every_list_of_words_is_its_enums(owner: asyncpg.Connection) -> None:
    stored = {
        (table, column.name): set(column.words)
        for table in await tables(owner)
        for column in await columns(owner, table)
        if column.words
    }
    expected = {place: {str(word) for word in words} for place, words in OF_ENUMS.items()}
    assert stored == expected | NOT_OF_THE_DOMAIN


def test_every_enum_that_is_stored_is_checked() -> None:
    stored = {
        member
        for member in vars(enums).values()
        if isinstance(member, type) and issubclass(member, StrEnum) and member is not StrEnum
    }
    assert stored == set(OF_ENUMS.values())


async def test_every_word_fits_its_column(owner: asyncpg.Connection) -> None:
    for table in await tables(owner):
        for column in await columns(owner, table):
            for word in column.words:
                stored = await owner.fetchval(f"select '{word}'::{column.type}")
                assert stored == word, f"{table}.{column.name} is too short for {word}"
