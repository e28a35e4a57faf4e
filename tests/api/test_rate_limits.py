"""Who asks too often waits."""

from datetime import UTC, datetime

import httpx

from api.limits import RateLimits
from services.settings import Settings
from tests.api.client import problem
from tests.api.conftest import serving
from tests.world import Caller, World


def wait_of(response: httpx.Response) -> int:
    """How long a 429 asks to wait, in seconds: the same in its header and its body."""
    body = problem(response, 429, "rate_limited")
    wait = int(response.headers["retry-after"])
    assert body["retry_after"] == wait
    return wait


async def test_key_that_asks_too_often_is_told_when_to_come_back(
    settings: Settings, world: World
) -> None:
    async with serving(settings, RateLimits(requests=3)) as http:
        often, other = Caller(http, world.admin.key), Caller(http, world.staff.key)
        answers = [await often.request("GET", "/me") for _ in range(4)]

        assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
        assert 1 <= wait_of(answers[-1]) <= 60
        assert (await other.request("GET", "/me")).status_code == 200


async def test_limit_holds_for_all_routes_together_and_refused_requests_do_nothing(
    settings: Settings, world: World
) -> None:
    async with serving(settings, RateLimits(requests=2)) as http:
        often = Caller(http, world.admin.key)
        await often.get("/contacts")
        await often.post("/contacts")
        wait_of(await often.request("POST", "/contacts", json={}))
    assert (await world.admin.get("/contacts"))["total"] == 1


async def test_wrong_key_that_is_tried_too_often_is_limited_too(settings: Settings) -> None:
    async with serving(settings, RateLimits(requests=2)) as http:
        guess = Caller(http, "cb_guess")
        answers = [await guess.request("GET", "/me") for _ in range(3)]
        assert [answer.status_code for answer in answers] == [401, 401, 429]


async def test_address_that_signs_in_too_often_waits_even_with_the_right_password(
    settings: Settings,
) -> None:
    async with serving(settings, RateLimits(sign_ins=3)) as http:
        for attempt in range(4):
            body = {"email": f"{attempt}@ridge.example", "password": "guess"}
            response = await http.post("/api/auth/session", json=body)
            assert response.status_code == (401 if attempt < 3 else 429)
        assert 1 <= wait_of(response) <= 60


async def test_made_up_keys_from_an_address_count_together_and_none_is_remembered(
    settings: Settings, world: World
) -> None:
    async with serving(settings, RateLimits(requests=3)) as http:
        answers = [await Caller(http, f"cb_{n}").request("GET", "/me") for n in range(4)]
        assert [answer.status_code for answer in answers] == [401, 401, 401, 429]
        assert 1 <= wait_of(answers[-1]) <= 60
        # Else it could still be found out which key is good.
        wait_of(await Caller(http, world.admin.key).request("GET", "/me"))


async def test_good_keys_from_an_address_are_no_guesses(settings: Settings, world: World) -> None:
    async with serving(settings, RateLimits(requests=2)) as http:
        for caller in (world.admin, world.manager, world.staff):
            response = await Caller(http, caller.key).request("GET", "/me")
            assert response.status_code == 200


async def test_person_whose_password_is_tried_from_many_addresses_is_protected(
    settings: Settings,
) -> None:
    limits = RateLimits(sign_ins=3)
    for n in range(3):
        await limits.count_sign_in(f"192.0.2.{n}", "ada@ridge.example")
    async with serving(settings, limits) as http:
        for email, status in (("Ada@ridge.example", 429), ("bob@ridge.example", 401)):
            body = {"email": email, "password": "guess"}
            response = await http.post("/api/auth/session", json=body)
            assert response.status_code == status


async def test_default_is_ten_sign_ins_a_minute(settings: Settings) -> None:
    started = datetime.now(UTC)
    async with serving(settings, RateLimits()) as http:
        body = {"email": "nobody@ridge.example", "password": "guess"}
        answers = [await http.post("/api/auth/session", json=body) for _ in range(11)]
    assert (datetime.now(UTC) - started).total_seconds() < 60
    assert [answer.status_code for answer in answers] == [401] * 10 + [429]


async def test_health_is_never_limited(settings: Settings) -> None:
    async with serving(settings, RateLimits(requests=1, sign_ins=1)) as http:
        for _ in range(3):
            assert (await http.get("/healthz")).status_code == 200
