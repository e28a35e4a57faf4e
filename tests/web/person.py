"""Somebody at a browser."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from playwright.async_api import ConsoleMessage, Locator, Page, expect
from playwright.async_api import TimeoutError as TooLong

from dev.chromium import SETTLED

WEB: Final = Path(__file__).parents[2] / "web"
AXE: Final = WEB / "node_modules" / "axe-core" / "axe.min.js"
PATIENCE_MS: Final = 60_000
REFUSED: Final = "Failed to load resource"
"""How Chromium's console begins what it says of an answer that is an error."""
LOOK: Final = "part => axe.run(part, { resultTypes: ['violations'], iframes: false })"
"""Frames hold e-mails, in which no script runs."""
FITS: Final = """() => [document.documentElement, ...document.querySelectorAll("[role=dialog]")]
    .every((each) => each.scrollWidth <= each.clientWidth)"""
MOMENT_MS: Final = 2_000

expect.set_options(timeout=PATIENCE_MS)


@dataclass
class Person:
    """Somebody at a browser. What the page says wrong, in its console or by an error, is kept in `trouble`."""

    page: Page
    url: str
    trouble: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.set_default_timeout(PATIENCE_MS)
        self.page.on("pageerror", lambda error: self.trouble.append(str(error)))
        self.page.on("console", self._hear)

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.trouble.append(message.text)

    async def open(self, path: str) -> None:
        """Go to a page, and wait until it has all that it asks for."""
        await self.page.goto(self.url + path)
        await self.settle()

    async def settle(self) -> None:
        """Wait until everything is there that the page asks for."""
        await self.page.wait_for_function(SETTLED)

    def title(self, name: str) -> Locator:
        """What the page is called."""
        return self.page.get_by_role("heading", level=1, name=name, exact=True)

    def button(self, name: str) -> Locator:
        """A button, by all that is on it."""
        return self.page.get_by_role("button", name=name, exact=True)

    def link(self, name: str) -> Locator:
        """A link, by all that is on it."""
        return self.page.get_by_role("link", name=name, exact=True)

    def field(self, name: str) -> Locator:
        """Where a text or a number is written."""
        return self.page.get_by_role("textbox", name=name, exact=True)

    def dialog(self, name: str) -> Locator:
        """A window above the page."""
        return self.page.get_by_role("dialog", name=name, exact=True)

    def told(self, words: str) -> Locator:
        """What the page says that was done, or could not be."""
        return self.page.get_by_role("alert").filter(has_text=words)

    async def choose(self, name: str, option: str) -> None:
        """Choose one of those that a field offers."""
        await self.page.get_by_role("combobox", name=name, exact=True).click()
        offered = self.page.get_by_role("option", name=option, exact=True)
        await offered.click()
        await expect(offered).to_be_hidden()

    async def turn_to(self, tab: str) -> None:
        """Go to another tab."""
        await self.page.get_by_role("tab", name=tab, exact=True).click()

    async def ask(self, method: str, path: str, body: object = None) -> int:
        """Ask the API with the session of the browser, past the pages; the status of the answer."""
        answer = await self.page.request.fetch(
            f"{self.url}/api{path}", method=method, data=None if body is None else body
        )
        return answer.status

    async def scrolls_sideways(self) -> bool:
        """Whether the page, or a dialog on it, stays wider than what shows it; what floats follows a moment later."""
        try:
            await self.page.wait_for_function(FITS, timeout=MOMENT_MS)
        except TooLong:
            return True
        return False

    async def look_for_barriers(self, part: str = "html") -> list[str]:
        """What axe finds, serious or critical, that keeps people from using the page or a part of it.

        It is looked for again where something is found: a window gets its name a frame after it opens.
        """
        if not await self.page.evaluate("() => 'axe' in window"):
            await self.page.evaluate(AXE.read_text())
        if barriers := await self._barriers(part):
            await self.page.wait_for_timeout(MOMENT_MS)
            barriers = await self._barriers(part)
        return barriers

    async def _barriers(self, part: str) -> list[str]:
        found = await self.page.evaluate(LOOK, part)
        return [
            f"{each['id']}: {node['html'][:200]} {node['failureSummary']}"
            for each in found["violations"]
            if each["impact"] in ("serious", "critical")
            for node in each["nodes"]
        ]


SignIn = Callable[..., Awaitable[Person]]
