"""Rate limits, kept in this process: with several API processes each allows as much."""

import math
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

from limits import RateLimitItem, RateLimitItemPerHour, RateLimitItemPerMinute
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import MovingWindowRateLimiter

from domain.errors import Problem, Unauthorized


class RateLimited(Problem):
    """Too many requests; `retry_after` is in seconds."""

    status, code = 429, "rate_limited"


class RateLimits:
    """A minute: 6,000 requests by a key or a session, as many from an address with unknown ones, 10 sign-ins.

    Sign-ins count for the network address that they come from, and for the e-mail address that they are for. So do
    requests to reset a password, and the links that are spent; and an hour brings one e-mail address 5 mails about its
    account at most, whoever asks for them. Of the opens and clicks of one e-mail 60 are heard: its links are anybody's
    who has it.
    """

    def __init__(
        self,
        requests: int = 6000,
        sign_ins: int = 10,
        engagements: int = 60,
        account_mails: int = 5,
    ) -> None:
        self._limiter = MovingWindowRateLimiter(MemoryStorage())
        self._requests = RateLimitItemPerMinute(requests)
        self._sign_ins = RateLimitItemPerMinute(sign_ins)
        self._engagements = RateLimitItemPerMinute(engagements)
        self._account_mails = RateLimitItemPerHour(account_mails)

    async def count_request(self, caller: str) -> None:
        """Raise RateLimited if the caller, who is known, has asked too often."""
        await self._count(self._requests, "request", caller)

    @asynccontextmanager
    async def guesses(self, address: str) -> AsyncIterator[None]:
        """Count what is refused inside as a guess from this address; too many, and none is looked at."""
        if not await self._limiter.test(self._requests, "guess", address):
            raise await self._limited(self._requests, "guess", address)
        try:
            yield
        except Unauthorized:
            await self._count(self._requests, "guess", address)
            raise

    async def count_sign_in(self, address: str, email: str) -> None:
        """Raise RateLimited if it was tried too often from this address, or for this person."""
        await self._count(self._sign_ins, "sign-in", address)
        await self._count(self._sign_ins, "sign-in-as", email)

    async def count_link(self, address: str) -> None:
        """Raise RateLimited if links to choose a password are asked for, or tried, too often from this address."""
        await self._count(self._sign_ins, "link", address)

    async def count_own_password(self, user_id: UUID) -> None:
        """Raise RateLimited if a signed-in user was asked for their password too often."""
        await self._count(self._sign_ins, "own-password", str(user_id))

    async def count_account_mail(self, email: str) -> None:
        """Raise RateLimited if this person got, or would have got, too many mails about their account."""
        await self._count(self._account_mails, "account-mail", email.lower())

    async def hears_engagement(self, execution_id: UUID) -> bool:
        """Whether one more open or click of an e-mail is heard."""
        return await self._limiter.hit(self._engagements, "engagement", str(execution_id))

    async def _count(self, item: RateLimitItem, *names: str) -> None:
        if not await self._limiter.hit(item, *names):
            raise await self._limited(item, *names)

    async def _limited(self, item: RateLimitItem, *names: str) -> RateLimited:
        window = await self._limiter.get_window_stats(item, *names)
        wait = max(1, math.ceil(window.reset_time - time.time()))
        return RateLimited(f"Too many requests; try again in {wait} s.", retry_after=wait)
