"""`/api/campaigns/{id}/test-runs`."""

from asyncio import Semaphore
from uuid import UUID

from fastapi import APIRouter, Request, Response

from api.access import Caller, Db, Now, State, TransactionalRoute
from api.schemas.test_runs import TestRunAnswer, TestRunCreate
from api.state import state_of
from domain.enums import EnrollmentSource, Role
from domain.errors import Forbidden
from services import test_messages, test_runs
from services.assumptions import Assumption


class _TestRunRoute(TransactionalRoute):
    """Answers when it is known what became of what was sent."""

    def turn(self, request: Request) -> Semaphore:
        """Few walk at once."""
        return state_of(request).test_runs

    async def complete(self, request: Request, response: Response) -> Response:
        """Tell of messages that are sent only once they are committed."""
        answer = TestRunAnswer.model_validate_json(bytes(response.body))
        sent = answer.test_run.sent or []
        message_ids = [each.id for each in sent if each.id]
        if not message_ids:
            return response
        database, scope = state_of(request).database, request.state.principal.scope
        results = await test_messages.results(database, scope, message_ids)
        for each in sent:
            if each.id and each.id in results:
                each.status, each.error = results[each.id]
        response.body = answer.model_dump_json().encode()
        response.headers["content-length"] = str(len(response.body))
        return response


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
    if body.send_to and caller.role is not Role.ADMIN:
        raise Forbidden("Only an admin may have test messages sent.")
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
        sent = await test_messages.send(db, run.entries, body.send_to, state.envelopes)
    return TestRunAnswer.of(run, sent)
