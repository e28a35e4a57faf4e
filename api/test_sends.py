"""Routes that send tests to an address that an admin names."""

from abc import ABC, abstractmethod
from collections.abc import Sequence

from fastapi import Request, Response
from pydantic import BaseModel

from api.access import TransactionalRoute
from api.schemas.test_runs import SentMessage
from api.state import state_of
from domain.enums import Role
from domain.errors import Forbidden
from services import test_messages
from services.auth import Principal
from services.test_messages import Recipient


class TestSendRoute(TransactionalRoute, ABC):
    """Answers when it is known what became of what was sent."""

    @abstractmethod
    def read(self, body: bytes) -> tuple[BaseModel, Sequence[SentMessage]]:
        """An answer, and what it says was sent."""

    async def complete(self, request: Request, response: Response) -> Response:
        """Tell of messages that are sent only once they are committed."""
        answer, sent = self.read(bytes(response.body))
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


def check_may_send(caller: Principal, recipient: Recipient | None) -> None:
    """Raise Forbidden if somebody else than an admin wants a test sent."""
    if recipient and caller.role is not Role.ADMIN:
        raise Forbidden("Only an admin may have test messages sent.")
