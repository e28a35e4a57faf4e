"""`/api/campaigns/{id}/previews`."""

from collections.abc import Sequence
from uuid import UUID

from fastapi import APIRouter

from api.access import Caller, Db, State
from api.schemas.previews import PreviewAnswer, PreviewCreate
from api.schemas.test_runs import SentMessage
from api.test_sends import TestSendRoute, check_may_send
from services import previews


class _PreviewRoute(TestSendRoute):
    def read(self, body: bytes) -> tuple[PreviewAnswer, Sequence[SentMessage]]:
        answer = PreviewAnswer.model_validate_json(body)
        return answer, answer.sent or []


router = APIRouter(
    prefix="/campaigns/{campaign_id}/previews", tags=["previews"], route_class=_PreviewRoute
)


@router.post("")
async def preview(
    db: Db, caller: Caller, state: State, campaign_id: UUID, body: PreviewCreate
) -> PreviewAnswer:
    """What a step would say to a contact, saved or not, in each of its variants.

    It is rendered as the engine does it. With `send_to`, which is for admins, it goes to that address, now and once,
    marked as a test.
    """
    check_may_send(caller, body.send_to)
    found = await previews.preview(
        db,
        campaign_id,
        body.step_type,
        body.step_config,
        body.subject,
        state.links,
        state.settings.webhook_allow_hosts,
    )
    sent = None
    if body.send_to:
        sent = await previews.send(db, found, body.send_to, state.envelopes)
    return PreviewAnswer.of(body.step_type, found, sent)
