"""`/api/campaigns/{id}/test-runs`."""

from asyncio import Semaphore
from collections.abc import Sequence
from uuid import UUID

from fastapi import APIRouter, Request

from api.access import Caller, Db, Now, State
from api.schemas.test_runs import SentMessage, TestRunAnswer, TestRunCreate
from api.state import state_of
from api.test_sends import TestSendRoute, check_may_send
from domain.enums import EnrollmentSource
from services import test_messages, test_runs
from services.assumptions import Assumption


class _TestRunRoute(TestSendRoute):
    def turn(self, request: Request) -> Semaphore:
        """Few walk at once."""
        return state_of(request).test_runs

    def read(self, body: bytes) -> tuple[TestRunAnswer, Sequence[SentMessage]]:
        answer = TestRunAnswer.model_validate_json(body)
        return answer, answer.test_run.sent or []


router = APIRouter(
    prefix="/campaigns/{campaign_id}/test-runs", tags=["test runs"], route_class=_TestRunRoute
)


@router.post("", status_code=201)
async def run_test(
    db: Db, caller: Caller, state: State, now: Now, campaign_id: UUID, body: TestRunCreate
) -> TestRunAnswer:
    """Walk a contact through a campaign, a draft too, on a clock that jumps from step to step.

    It decides as the engine does, and leaves nothing behind: no message, no enrollment, no counter. A provider need
    not be configured, and the company's `daily_send_cap` is left out of account; the caps of a contact hold.

    With `send_to`, which is for admins, what the run would have sent goes to that address, now and each once, marked as
    a test. It is in no report, nobody unsubscribes by it, and its links tell nobody that they were followed.
    """
    check_may_send(caller, body.send_to)
    source = EnrollmentSource.API if caller.by_key else EnrollmentSource.MANUAL_ADMIN
    run = await test_runs.run(
        db,
        campaign_id,
        body.subject,
        start_at=body.start_at or now,
        assumptions=[Assumption(each.step_id, each.event) for each in body.assume],
        source=source,
        links=state.links,
    )
    sent = None
    if body.send_to:
        sent = await test_messages.send_run(db, run.entries, body.send_to, state.envelopes)
    return TestRunAnswer.of(run, sent)
