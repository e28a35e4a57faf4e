"""Rate limits, kept in this process: with several API processes each allows as much."""

import math
import time

from limits import RateLimitItem, RateLimitItemPerMinute
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import MovingWindowRateLimiter

from domain.errors import Problem


class RateLimited(Problem):
    """Too many requests; `retry_after` is in seconds."""

    status, code = 429, "rate_limited"


class RateLimits:
    """6,000 requests a minute for a key or a session, 10 sign-ins a minute from an address."""

    def __init__(self, requests: int = 6000, sign_ins: int = 10) -> None:
        self._limiter = MovingWindowRateLimiter(MemoryStorage())
        self._requests = RateLimitItemPerMinute(requests)
        self._sign_ins = RateLimitItemPerMinute(sign_ins)

    async def count_request(self, caller: str) -> None:
        """Raise RateLimited if the caller has asked too often."""
        await self._count(self._requests, "request", caller)

    async def count_sign_in(self, address: str) -> None:
        """Raise RateLimited if somebody at this address has tried too often."""
        await self._count(self._sign_ins, "sign-in", address)

    async def _count(self, item: RateLimitItem, *names: str) -> None:
        if not await self._limiter.hit(item, *names):
            window = await self._limiter.get_window_stats(item, *names)
            wait = max(1, math.ceil(window.reset_time - time.time()))
            raise RateLimited(f"Too many requests; try again in {wait} s.", retry_after=wait)
