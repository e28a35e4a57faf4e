"""Somebody who builds a campaign."""

import re
from dataclasses import dataclass

from playwright.async_api import Locator, expect

from tests.web.person import Person
from tests.world import Json


@dataclass
class Builder:
    """What is done on the canvas and in the editor of a step."""

    person: Person

    async def open(self, campaign: Json) -> None:
        """Go to the builder of a campaign."""
        await self.person.open(f"/campaigns/{campaign['id']}/builder")

    @property
    def canvas(self) -> Locator:
        """Where the steps are."""
        return self.person.page.get_by_test_id("rf__wrapper")

    @property
    def editor(self) -> Locator:
        """The form of the step that is open."""
        return self.person.page.get_by_role("form", name="Step", exact=True)

    def card(self, kind: str, says: str = "") -> Locator:
        """A step on the canvas, by its kind and what it says."""
        starts = re.compile(rf"^{re.escape(kind)}\b.*{re.escape(says)}", re.DOTALL)
        return self.person.page.get_by_role("button", name=starts).and_(
            self.person.page.locator("[id^=step-]")
        )

    def plus(self, where: str) -> Locator:
        """A "+" between two steps: "after E-mail: Hello"."""
        return self.person.button(f"Add a step {where}")

    async def begin(self, kind: str) -> None:
        """Choose the first step of a campaign that has none."""
        tile = self.person.page.get_by_role("button", name=re.compile(rf"^{kind} "))
        await tile.click()
        await expect(self.editor).to_be_visible()

    async def add(self, kind: str, where: str) -> None:
        """Begin a step at a "+"."""
        await self.plus(where).click()
        await self.person.page.get_by_role("menuitem", name=kind, exact=True).click()
        await expect(self.editor).to_be_visible()

    async def write(self, subject: str, body: str) -> None:
        """Write the e-mail that is open."""
        await self.editor.get_by_role("textbox", name="Subject", exact=True).fill(subject)
        await self.editor.get_by_role("textbox", name="Content", exact=True).fill(body)

    async def delay(self, value: int, unit: str) -> None:
        """Say how long after the step before."""
        await self.editor.get_by_role("textbox", name=re.compile("^Wait after ")).fill(str(value))
        await self.person.choose("Unit", unit)

    async def save(self) -> None:
        """Keep the step that is open."""
        await self.editor.get_by_role("button", name=re.compile("^(Add step|Save)$")).click()
        await expect(self.editor).to_be_hidden()

    async def choose(self, action: str, kind: str, says: str = "") -> None:
        """Choose something from the menu of a step."""
        menu = self.person.page.get_by_role(
            "button", name=re.compile(rf"^Menu of {kind}: .*{re.escape(says)}")
        )
        await menu.click()
        item = self.person.page.get_by_role("menuitem", name=re.compile(rf"^{action}"))
        await item.click()
