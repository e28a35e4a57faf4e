"""The pages in a real browser: Chromium, as the machine has it, without a window."""

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from playwright.async_api import Browser, async_playwright

_OPTIONS: Final = ("--no-sandbox", "--disable-gpu", "--disable-background-networking")

SETTLED: Final = """() => {
    const seen = css => [...document.querySelectorAll(css)].filter(each => each.checkVisibility())
    return seen("h1, [role=alert]").length > 0
        && seen("main, [role=tabpanel]").every(each => each.childElementCount > 0)
        && seen("[aria-busy=true], .mantine-Skeleton-root, .mantine-Loader-root").length === 0
}"""
"""Whether all that a page asks for is there: until then it is empty, or shows lines in its place."""


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """A browser that knows nobody yet. Raises FileNotFoundError if the machine has none."""
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        raise FileNotFoundError("Chromium is needed: apt-get install chromium")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=list(_OPTIONS))
        yield browser
        await browser.close()
