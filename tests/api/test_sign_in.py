"""Signing in to the web pages, and what a session may do."""

from collections.abc import Awaitable, Callable

import httpx
import pytest

from domain.enums import Role
from tests.api.client import ORIGIN, invalid_fields, problem
from tests.api.routes import new_address
from tests.world import World

PASSWORD = "correct horse battery"
SESSION = "/api/auth/session"

SignIn = Callable[..., Awaitable[httpx.Response]]


@pytest.fixture
async def address(world: World) -> str:
    """The address of an admin who has a password."""
    address = new_address()
    body = {"email": address, "name": "Ada", "role": "admin", "password": PASSWORD}
    await world.admin.post("/users", body)
    return address


@pytest.fixture
def sign_in(browser: httpx.AsyncClient, address: str) -> SignIn:
    async def ask(email: str = address, password: str = PASSWORD, **headers: str) -> httpx.Response:
        body = {"email": email, "password": password}
        return await browser.post(SESSION, json=body, headers=headers)

    return ask


async def test_sign_in_answers_who_it_is_and_keeps_it_in_a_safe_cookie(
    browser: httpx.AsyncClient, world: World, address: str, sign_in: SignIn
) -> None:
    response = await sign_in()

    assert response.status_code == 201
    me = response.json()
    assert (me["user"]["email"], me["role"]) == (address, "admin")
    assert me["tenant"]["id"] == str(world.tenant_id)
    (cookie,) = response.headers.get_list("set-cookie")
    attributes = {part.strip().lower() for part in cookie.split(";")[1:]}
    assert {"httponly", "samesite=lax", "path=/"} <= attributes
    assert int(next(a for a in attributes if a.startswith("max-age=")).partition("=")[2]) > 0
    assert (await browser.get(SESSION)).json() == me
    assert (await browser.get("/api/me")).json() == me


@pytest.mark.parametrize("password", ["", "wrong", PASSWORD.upper(), PASSWORD + " "])
async def test_wrong_password_gives_no_session(
    browser: httpx.AsyncClient, sign_in: SignIn, password: str
) -> None:
    response = await sign_in(password=password)
    problem(response, 401, "unauthorized")
    assert "set-cookie" not in response.headers
    problem(await browser.get(SESSION), 401, "unauthorized")


async def test_address_of_nobody_is_answered_like_a_wrong_password(sign_in: SignIn) -> None:
    wrong = problem(await sign_in(password="wrong"), 401, "unauthorized")
    assert problem(await sign_in(email=new_address()), 401, "unauthorized") == wrong


async def test_address_is_read_in_any_case(address: str, sign_in: SignIn) -> None:
    assert (await sign_in(email=f" {address.upper()} ")).status_code == 201


async def test_user_without_a_password_cannot_sign_in(world: World, sign_in: SignIn) -> None:
    address = new_address()
    await world.admin.post("/users", {"email": address, "name": "Sam", "role": "staff"})
    for password in ("", "None", PASSWORD):
        problem(await sign_in(email=address, password=password), 401, "unauthorized")


async def test_person_of_two_companies_comes_into_the_one_of_the_password(
    stranger: World, address: str, sign_in: SignIn
) -> None:
    body = {"email": address, "name": "Ada", "role": "staff", "password": "another password"}
    await stranger.admin.post("/users", body)
    me = (await sign_in(password="another password")).json()
    assert (me["tenant"]["id"], me["role"]) == (str(stranger.tenant_id), "staff")


async def test_sign_out_ends_this_session_and_no_other(
    browser: httpx.AsyncClient, sign_in: SignIn
) -> None:
    elsewhere = (await sign_in()).cookies["cb_session"]
    here = (await sign_in()).cookies["cb_session"]

    response = await browser.delete(SESSION)

    assert (response.status_code, response.content) == (204, b"")
    assert "cb_session" not in browser.cookies
    for token, status in ((here, 401), (elsewhere, 200)):
        browser.cookies.set("cb_session", token)
        assert (await browser.get("/api/me")).status_code == status
        browser.cookies.clear()


async def test_new_password_ends_every_session(
    browser: httpx.AsyncClient, world: World, sign_in: SignIn
) -> None:
    me = (await sign_in()).json()
    path = f"/users/{me['user']['id']}"
    await world.admin.patch(path, {"name": "Ada L."})
    assert (await browser.get(SESSION)).status_code == 200

    await world.admin.patch(path, {"password": "a new password"})

    problem(await browser.get(SESSION), 401, "unauthorized")
    problem(await sign_in(), 401, "unauthorized")
    assert (await sign_in(password="a new password")).status_code == 201


async def test_deactivated_user_is_out_at_once(
    browser: httpx.AsyncClient, world: World, sign_in: SignIn
) -> None:
    me = (await sign_in()).json()
    await world.admin.patch(f"/users/{me['user']['id']}", {"is_active": False})
    problem(await browser.get(SESSION), 401, "unauthorized")
    problem(await sign_in(), 401, "unauthorized")


async def test_session_has_the_role_that_its_user_has_now(
    browser: httpx.AsyncClient, world: World, sign_in: SignIn
) -> None:
    me = (await sign_in()).json()
    body = {"name": "Hail", "campaign_type": "drip"}
    assert (await browser.post("/api/campaigns", json=body)).status_code == 201
    await world.admin.patch(f"/users/{me['user']['id']}", {"role": "staff"})
    problem(await browser.post("/api/campaigns", json=body), 403, "forbidden")


async def test_person_who_enrolls_by_session_is_the_source(
    browser: httpx.AsyncClient, world: World, sign_in: SignIn
) -> None:
    me = (await sign_in()).json()
    campaign = await world.create_campaign({"step_type": "wait", "delay_value": 5})
    contact = await world.create_contact()
    response = await browser.post(
        f"/api/campaigns/{campaign['id']}/enrollments", json={"contact_id": contact["id"]}
    )
    enrollment = response.json()["enrollment"]
    assert enrollment["enrollment_source"] == "manual_admin"
    assert enrollment["enrolled_by"] == me["user"]["id"]


@pytest.mark.parametrize(
    ("origin", "allowed"),
    [
        (ORIGIN, True),
        ("http://evil.example", False),
        ("http://campaigns.test.evil.example", False),
        ("http://campaigns.test:8080", False),
        ("null", False),
    ],
)
async def test_page_of_another_site_cannot_use_the_session(
    browser: httpx.AsyncClient, sign_in: SignIn, *, origin: str, allowed: bool
) -> None:
    problem_or_done = await sign_in(origin=origin)
    assert problem_or_done.status_code == (201 if allowed else 403)
    await sign_in()
    for method, path, body in (
        ("POST", "/api/contacts", {}),
        ("PATCH", "/api/settings", {}),
        ("DELETE", SESSION, None),
    ):
        response = await browser.request(method, path, json=body, headers={"origin": origin})
        if allowed:
            assert response.is_success
        else:
            problem(response, 403, "forbidden")


async def test_key_is_used_from_any_site(world: World) -> None:
    headers = {"origin": "http://crm.example"}
    response = await world.staff.request("POST", "/contacts", json={}, headers=headers)
    assert response.status_code == 201


async def test_key_goes_before_a_session(
    browser: httpx.AsyncClient, world: World, sign_in: SignIn
) -> None:
    await sign_in()
    headers = {"Authorization": f"Bearer {world.staff.key}"}
    me = (await browser.get("/api/me", headers=headers)).json()
    assert me["user"]["id"] == str(world.user_ids[Role.STAFF])
    wrong = await browser.get("/api/me", headers={"Authorization": "Bearer wrong"})
    problem(wrong, 401, "unauthorized")


async def test_made_up_session_is_refused(browser: httpx.AsyncClient) -> None:
    browser.cookies.set("cb_session", "cbs_made_up")
    problem(await browser.get("/api/me"), 401, "unauthorized")


@pytest.mark.parametrize(
    ("values", "field"),
    [({"email": "ada"}, "email"), ({"password": None}, "password"), ({"role": "admin"}, "role")],
)
async def test_sign_in_that_makes_no_sense_is_named(
    browser: httpx.AsyncClient, address: str, values: dict[str, str], field: str
) -> None:
    body = {"email": address, "password": PASSWORD, **values}
    assert invalid_fields(await browser.post(SESSION, json=body)) == {field}
