"""The verdict of `make chaos` finds what is wrong: one life in one campaign, doctored."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from dev.chaos.lives import FOREVER, Deed, Life, Silence
from dev.chaos.mix import lines
from dev.chaos.record import Arrival, Record
from dev.chaos.verdict import Verdict, judge

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
ENROLLMENT, CAMPAIGN = uuid4(), uuid4()
DRIP = lines("http://127.0.0.1:8025", 1)[0]
STEPS = {uuid4(): name for name in DRIP.steps}


class Case:
    """Somebody who came through the drip: e-mail, text, task, e-mail."""

    def __init__(self) -> None:
        self.life = Life(
            number=1, line=DRIP, stage="lead", begins_at=0, deed=Deed.NOTHING, deed_after=0,
            deed_lasts=0, told_after=0, enrollment_id=ENROLLMENT,
        )  # fmt: skip
        self.row: dict[str, Any] = {
            "id": ENROLLMENT, "campaign_id": CAMPAIGN, "status": "completed",
            "exit_reason": "completed", "completed_at": NOON, "exited_at": None,
            "steps_completed": 4, "emails_sent": 2, "sms_sent": 1, "tasks_created": 1,
        }  # fmt: skip
        self.executions = [self._execution(id_, name) for id_, name in STEPS.items()]
        self.arrivals = {
            (self.life.address(step["step_type"]), name): [Arrival(name, name, NOON)]
            for name, step in DRIP.steps.items()
            if step["step_type"] != "create_task"
        }
        self.campaign = {
            "id": str(CAMPAIGN), "name": "drip", "total_enrolled": 1, "total_completed": 1,
        }  # fmt: skip
        self.workflows = {"Completed": 1}

    def _execution(self, step_id: UUID, name: str) -> dict[str, Any]:
        step_type = DRIP.steps[name]["step_type"]
        return {
            "step_id": step_id, "step_type": step_type, "status": "completed",
            "error_message": None, "tasks": int(step_type == "create_task"),
            "provider_id": None if step_type == "create_task" else name,
        }  # fmt: skip

    @property
    def texts(self) -> list[Arrival]:
        return self.arrivals[self.life.phone, "nudge"]

    def judged(self) -> Verdict:
        executions = {ENROLLMENT: self.executions}
        record = Record(
            {ENROLLMENT: self.row},
            executions,
            {},
            self.arrivals,
            [self.campaign],
            [],
            self.workflows,
        )
        return judge(record, [self.life], STEPS)


@pytest.fixture
def case() -> Case:
    return Case()


def test_what_went_as_promised_is_sound(case: Case) -> None:
    verdict = case.judged()

    assert verdict.sound
    assert (verdict.messages, verdict.duplicates, verdict.losses, verdict.unknown) == (3, 0, 0, 0)


def test_text_that_arrived_twice_is_a_duplicate(case: Case) -> None:
    case.texts.append(Arrival("again", "again", NOON))

    verdict = case.judged()

    assert (verdict.duplicates, verdict.messages) == (1, 4)
    assert not verdict.sound


def test_message_that_did_not_arrive_is_a_loss(case: Case) -> None:
    case.texts.clear()

    verdict = case.judged()

    assert verdict.losses == 1
    assert not verdict.sound


def test_text_that_is_unknown_is_named_and_no_loss(case: Case) -> None:
    case.texts.clear()
    case.executions[1] |= {"status": "unknown", "provider_id": None}
    case.row |= {"steps_completed": 3, "sms_sent": 0}

    verdict = case.judged()

    assert (verdict.unknown, verdict.lost_unknown, verdict.losses) == (1, 1, 0)
    assert verdict.sound


def test_text_that_is_skipped_and_arrived_is_a_fault(case: Case) -> None:
    case.executions[1] |= {"status": "skipped"}

    assert any("nudge arrived, and is skipped" in each for each in case.judged().problems)


def test_message_after_a_stop_is_a_fault(case: Case) -> None:
    stopped_at = NOON - timedelta(seconds=9)
    case.life.silences.append(Silence(stopped_at, FOREVER, "the contact had said STOP"))

    problems = case.judged().problems

    assert len(problems) == 3
    assert all("came 9.00 s after the contact had said STOP" in each for each in problems)


def test_enrollment_that_goes_on_after_a_stop_is_a_fault(case: Case) -> None:
    case.life.stopped_at = NOON - timedelta(seconds=9)

    (problem,) = case.judged().problems

    assert "ended as completed (completed), not as exited (unsubscribed)" in problem


def test_step_that_was_left_out_is_a_loss(case: Case) -> None:
    del case.executions[3]

    verdict = case.judged()

    assert verdict.losses == 1
    assert not verdict.sound


@pytest.mark.parametrize("counter", ["steps_completed", "emails_sent", "sms_sent", "tasks_created"])
def test_counter_that_differs_from_its_rows_is_a_fault(case: Case, counter: str) -> None:
    case.row[counter] += 1

    assert any(counter in each for each in case.judged().problems)


def test_total_that_differs_from_its_rows_is_a_fault(case: Case) -> None:
    case.campaign["total_enrolled"] = 2

    assert case.judged().problems == ["drip shows 2 total_enrolled, the rows say 1"]


def test_workflow_that_goes_on_is_a_fault(case: Case) -> None:
    case.workflows["Running"] = 1

    assert case.judged().problems == ["1 workflows are Running"]


def test_enrollment_that_was_never_made_is_a_fault(case: Case) -> None:
    case.life.enrollment_id = None

    assert any("is not enrolled" in each for each in case.judged().problems)
