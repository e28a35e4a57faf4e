"""How soon the pages can be used: `python -m bench.pages` on a running stack, with Chromium.

Somebody signs in as the demo admin, in a browser that has never been there for each of the first looks. A page can be
used when all that it asks for is there and its thread has nothing left to do; the time is the browser's, from the
beginning of the navigation. The company gets a campaign of 100,000 enrollments, and a text from each of those contacts,
which it keeps.
"""

import statistics
import time
from collections.abc import Sequence
from typing import Final

import asyncpg
from playwright.async_api import Browser, Locator, Page, StorageState

from bench.stack import RunningStack, measure, running_stack
from dev.chromium import SETTLED, chromium
from dev.seed import PASSWORD
from services.settings import Settings

ENROLLMENTS: Final = 100_000
LOOKS, TURNS, SEARCHES = 15, 40, 15
_IDLE: Final = "() => new Promise(done => requestIdleCallback(() => done(performance.now())))"
_FIRST_ROW: Final = "() => document.querySelector('tbody tr').innerText"
_IS_LISTED: Final = """name => [...document.querySelectorAll("main a")].some(link => link.textContent.includes(name))"""
_CONTACTS: Final = """
    insert into contacts (tenant_id, first_name, last_name, email, phone, created_at)
    select $1, 'Ann', 'Lee ' || n, 'ann.' || n || '@bench.example', '+1720' || lpad(n::text, 7, '0'),
           now() - n * interval '1 second'
    from generate_series(1, $2::int) n returning id
"""
_ENROLLMENTS: Final = """
    insert into campaign_enrollments (tenant_id, campaign_id, contact_id, enrollment_source, enrolled_at, status,
                                      workflow_status)
    select $1, $2, id, 'api', now() - row_number() over () * interval '1 second', 'completed', 'closed'
    from contacts where tenant_id = $1 and email like 'ann.%@bench.example'
"""
_TEXTS: Final = """
    insert into messages (tenant_id, contact_id, channel, direction, status, body, created_at)
    select $1, id, 'sms', 'inbound', 'completed', 'Can you come on Tuesday?', created_at
    from contacts where tenant_id = $1 and email like 'ann.%@bench.example'
"""


async def create_crowd(stack: RunningStack) -> str:
    """The campaign, by its id."""
    made = await stack.api.post("campaigns", json={"name": "Bench", "campaign_type": "drip"})
    campaign = made.raise_for_status().json()["campaign"]
    owner = await asyncpg.connect(Settings().database_url)
    try:
        tenant_id = await owner.fetchval(
            "select tenant_id from campaigns where id = $1", campaign["id"]
        )
        known = "select count(*) from contacts where tenant_id = $1 and email like 'ann.%@bench.example'"
        if not await owner.fetchval(known, tenant_id):
            await owner.execute(_CONTACTS, tenant_id, ENROLLMENTS)
            await owner.execute(_TEXTS, tenant_id)
        await owner.execute(_ENROLLMENTS, tenant_id, campaign["id"])
        await owner.execute("vacuum analyze")
    finally:
        await owner.close()
    return str(campaign["id"])


async def sign_in(browser: Browser, url: str) -> StorageState:
    """The demo admin's session."""
    page = await browser.new_page()
    await page.goto(f"{url}/sign-in")
    await page.get_by_role("textbox", name="E-mail").fill("admin@demo.example")
    await page.get_by_role("textbox", name="Password").fill(PASSWORD)
    await page.get_by_role("button", name="Sign in").click()
    await page.wait_for_url(f"{url}/campaigns")
    state = await page.context.storage_state()
    await page.close()
    return state


async def until_usable(page: Page, url: str) -> float:
    """Milliseconds from the beginning of the navigation."""
    await page.goto(url, wait_until="commit")
    await page.wait_for_function(SETTLED)
    usable: float = await page.evaluate(_IDLE)
    return usable


async def look(browser: Browser, session: StorageState, url: str) -> None:
    """Look at a page for the first time, and again."""
    first, again = [], []
    for _ in range(LOOKS):
        context = await browser.new_context(storage_state=session)
        page = await context.new_page()
        first.append(await until_usable(page, url))
        again.append(await until_usable(page, url))
        await context.close()
    tell(f"{url.rpartition('/')[2]}, for the first time", first)
    tell("    and again", again)


def tell(what: str, times: Sequence[float]) -> None:
    """One line."""
    print(f"{what:45} p50 {statistics.median(times):5.0f} ms   most {max(times):5.0f} ms")


async def turn_pages(browser: Browser, session: StorageState, url: str) -> None:
    """Turn to the next page of the enrollments, and to the last one."""
    context = await browser.new_context(storage_state=session)
    page = await context.new_page()
    await until_usable(page, url)
    next_page = page.get_by_role("button", name="next page")
    last_page = page.get_by_role("button", name=f"Page {ENROLLMENTS // 50}")
    tell("    the next page", [await until_others(page, next_page) for _ in range(TURNS)])
    tell("    the last page", [await until_others(page, last_page)])
    await context.close()


async def until_others(page: Page, control: Locator) -> float:
    """Milliseconds from the click until others are shown, with nothing left to do."""
    before = await page.evaluate(_FIRST_ROW)
    began = time.perf_counter()
    await control.click()
    await page.wait_for_function(f"before => ({_FIRST_ROW})() !== before", arg=before)
    await page.evaluate(_IDLE)
    return (time.perf_counter() - began) * 1000


async def search(browser: Browser, session: StorageState, url: str) -> None:
    """Search for one of them by name."""
    context = await browser.new_context(storage_state=session)
    page = await context.new_page()
    await until_usable(page, url)
    times = []
    for number in range(12_345, 12_345 + SEARCHES):
        began = time.perf_counter()
        await page.get_by_role("searchbox", name="Search").fill(f"Lee {number}")
        await page.wait_for_function(_IS_LISTED, arg=f"Ann Lee {number}")
        times.append((time.perf_counter() - began) * 1000)
    tell("    a search, with its pause of 250 ms", times)
    await context.close()


async def main() -> None:
    """Measure the running stack."""
    async with running_stack() as stack, chromium() as browser:
        campaign_id = await create_crowd(stack)
        session = await sign_in(browser, stack.settings.api_url)
        pages = f"{stack.settings.api_url}/campaigns/{campaign_id}"
        await look(browser, session, f"{stack.settings.api_url}/campaigns")
        await look(browser, session, f"{pages}/builder")
        await look(browser, session, f"{pages}/enrollments")
        await turn_pages(browser, session, f"{pages}/enrollments")
        for name in ("contacts", "conversations"):
            await look(browser, session, f"{stack.settings.api_url}/{name}")
            await search(browser, session, f"{stack.settings.api_url}/{name}")


if __name__ == "__main__":
    measure(main)
