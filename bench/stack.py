"""The running stack, as the measurements use it."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass

import httpx

from dev.demo import load_stack
from dev.environment import StackSettings
from dev.process import StackError
from dev.seed import KEYS
from domain.enums import Role


@dataclass(frozen=True, slots=True)
class RunningStack:
    """Where it is, and clients of it: `api` has the key of the demo tenant's role that was asked for."""

    settings: StackSettings
    api: httpx.AsyncClient
    sandbox: httpx.AsyncClient


@asynccontextmanager
async def running_stack(role: Role = Role.ADMIN) -> AsyncIterator[RunningStack]:
    """The stack of this environment. Raises StackError if none runs."""
    settings = StackSettings.read(os.environ)
    load_stack(settings.data_dir / "stack.env")
    headers = {"Authorization": f"Bearer {KEYS[role]}"}
    url = f"{settings.api_url}/api/"
    async with (
        httpx.AsyncClient(base_url=url, headers=headers, trust_env=False, timeout=120) as api,
        httpx.AsyncClient(base_url=settings.sandbox_url, trust_env=False) as sandbox,
    ):
        yield RunningStack(settings, api, sandbox)


def measure(body: Callable[[], Coroutine[None, None, None]]) -> None:
    """Run a measurement; where no stack runs, say so and exit with 1."""

    async def main() -> None:
        await body()
        await asyncio.sleep(0.2)  # temporalio/sdk-python issue 300

    try:
        asyncio.run(main())
    except StackError as error:
        sys.exit(str(error))
