"""What the providers say of a message afterwards: that it was sent, then that it was delivered.

Twilio posts it to the text's `StatusCallback`, Resend to the product's webhook. One attempt each;
what came of it is shown with the message.
"""

import asyncio
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any

from dev.sandbox.homeowner import Homeowner
from dev.sandbox.product import Send, UnplayableError, UnreachableError, twilio_call
from dev.sandbox.store import Message, Store

PAUSE_SECONDS = 0.05


class Callbacks:
    """Posts them in the background while the sandbox runs: `async with`.

    Without a homeowner nobody knows where Resend's webhooks go, and there are none.
    """

    def __init__(self, store: Store, send: Send, homeowner: Homeowner | None) -> None:
        self._store = store
        self._send = send
        self._homeowner = homeowner
        self._tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> "Callbacks":
        return self

    async def __aexit__(self, *_: object) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def follow_email(self, message: Message) -> None:
        """Bring an e-mail on its way."""
        if self._homeowner is not None:
            self._start(self._deliver_email(message, self._homeowner))

    def follow_text(self, message: Message, auth_token: str) -> None:
        """Bring a text on its way."""
        self._start(self._deliver_text(message, auth_token))

    def _start(self, following: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(following)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _deliver_email(self, message: Message, homeowner: Homeowner) -> None:
        for happen in (homeowner.sent, homeowner.deliver):
            await asyncio.sleep(PAUSE_SECONDS)
            # Nobody answers, which is noted with the e-mail, or nobody is to be told.
            with suppress(UnreachableError, UnplayableError):
                await happen(message.as_json())

    async def _deliver_text(self, message: Message, auth_token: str) -> None:
        for status in ("sent", "delivered"):
            await asyncio.sleep(PAUSE_SECONDS)
            self._store.change(message.id, status=status)
            url = message.content["status_callback"]
            if url is not None:
                call = twilio_call(url, _form(message, status), auth_token)
                try:
                    answer = str((await self._send(call)).status)
                except UnreachableError as error:
                    answer = str(error)
                self._store.note(message.id, status, answer)


def _form(message: Message, status: str) -> dict[str, str]:
    return {
        "AccountSid": message.content["account_sid"],
        "ApiVersion": "2010-04-01",
        "From": message.content["from"],
        "MessageSid": message.id,
        "MessageStatus": status,
        "SmsSid": message.id,
        "SmsStatus": status,
        "To": message.recipient,
    }
