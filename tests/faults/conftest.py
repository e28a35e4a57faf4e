"""Servers of these tests' own: they get broken, and no other test's worker takes their work."""

from collections.abc import AsyncIterator

import pytest

from tests.faults.stack import Stack, running_stack
from tests.world import World


@pytest.fixture(scope="package")
async def stack(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stack]:
    async with running_stack(tmp_path_factory.mktemp("faults")) as stack:
        yield stack


@pytest.fixture
async def world(stack: Stack) -> World:
    return await stack.create_world()
