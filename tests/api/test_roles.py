"""Who may do what: keys, roles, and walls between companies, on every route that there is."""

import httpx
import pytest

from api.app import create_app
from domain.enums import Role
from services.settings import Settings
from tests.api.client import caller, invalid_fields, problem
from tests.api.routes import Key, Things, api_routes, create_things
from tests.world import Caller, World

ADMIN_ONLY: set[Key] = {
    ("POST", "/campaigns"),
    ("DELETE", "/campaigns/{campaign_id}"),
    ("POST", "/campaigns/{campaign_id}/duplicate"),
    ("POST", "/campaigns/from-template"),
    ("POST", "/campaign-templates"),
    ("PUT", "/campaign-templates/{campaign_template_id}"),
    ("DELETE", "/campaign-templates/{campaign_template_id}"),
    ("POST", "/campaign-templates/{campaign_template_id}/restore"),
    ("POST", "/campaigns/{campaign_id}/steps"),
    ("PUT", "/campaigns/{campaign_id}/steps/order"),
    ("PATCH", "/campaigns/{campaign_id}/steps/{step_id}"),
    ("DELETE", "/campaigns/{campaign_id}/steps/{step_id}"),
    ("POST", "/campaigns/{campaign_id}/triggers"),
    ("PATCH", "/campaigns/{campaign_id}/triggers/{trigger_id}"),
    ("DELETE", "/campaigns/{campaign_id}/triggers/{trigger_id}"),
    ("POST", "/message-templates"),
    ("PATCH", "/message-templates/{template_id}"),
    ("DELETE", "/message-templates/{template_id}"),
    ("PATCH", "/settings"),
    ("DELETE", "/suppressions/{suppression_id}"),
    ("POST", "/users"),
    ("PATCH", "/users/{user_id}"),
    ("POST", "/users/{user_id}/invitation"),
    ("GET", "/api-keys"),
    ("POST", "/api-keys"),
    ("DELETE", "/api-keys/{key_id}"),
}
NOT_FOR_STAFF: set[Key] = {
    ("PATCH", "/campaigns/{campaign_id}"),
    ("POST", "/campaigns/{campaign_id}/enrollments/actions"),
}


@pytest.fixture
def keys(settings: Settings) -> list[Key]:
    return list(api_routes(create_app(settings)))


async def send(who: Caller, key: Key, things: Things) -> httpx.Response:
    return await who.request(key[0], things.path(key[1]), json=things.body(key))


@pytest.mark.parametrize("role", list(Role))
async def test_role_does_what_it_may_and_nothing_else(
    world: World, keys: list[Key], role: Role
) -> None:
    things = await create_things(world)
    refused = set() if role is Role.ADMIN else ADMIN_ONLY
    refused = refused | NOT_FOR_STAFF if role is Role.STAFF else refused
    assert refused <= set(keys)
    for key in keys:
        response = await send(caller(world, role), key, things)
        if key in refused:
            problem(response, 403, "forbidden")
        else:
            assert response.status_code not in (401, 403), (key, response.text)


async def test_refused_writes_have_changed_nothing(world: World, keys: list[Key]) -> None:
    things = await create_things(world)
    paths = [path for method, path in keys if method == "GET"]

    async def everything() -> list[object]:
        answers = [await world.admin.request("GET", things.path(path)) for path in paths]
        return [answer.text for answer in answers]

    before = await everything()
    for key in ADMIN_ONLY | NOT_FOR_STAFF:
        await send(world.staff, key, things)
    assert await everything() == before


@pytest.mark.parametrize(
    "authorization", [None, "", "Bearer", "Bearer ", "Bearer wrong", "Basic YTpi", "wrong"]
)
async def test_nobody_is_unauthorized_on_every_route(
    world: World, api: httpx.AsyncClient, keys: list[Key], authorization: str | None
) -> None:
    things = await create_things(world)
    headers = {} if authorization is None else {"Authorization": authorization}
    for key in keys if authorization is None else keys[:3]:
        response = await api.request(
            key[0], f"/api{things.path(key[1])}", json=things.body(key), headers=headers
        )
        problem(response, 401, "unauthorized")
        assert response.headers["www-authenticate"] == "Bearer"


async def test_what_belongs_to_another_company_is_not_found_on_every_route(
    world: World, stranger: World, keys: list[Key]
) -> None:
    theirs, own = await create_things(world), await create_things(stranger)
    for key in keys:
        names = [name for name in own.ids if f"{{{name}}}" in key[1]]
        for name in names:
            mixed = Things({**own.ids, name: theirs.ids[name]})
            problem(await send(stranger.admin, key, mixed), 404, "not_found")
        if names:
            problem(await send(stranger.admin, key, theirs), 404, "not_found")
    for _, path in keys:
        if path.endswith("_id}"):
            assert (await world.admin.request("GET", theirs.path(path))).status_code in (200, 405)


async def test_lists_hold_nothing_of_another_company(
    world: World, stranger: World, keys: list[Key]
) -> None:
    things = await create_things(world)
    for method, path in keys:
        if method == "GET" and "{" not in path:
            answer = (await stranger.admin.request("GET", path)).text
            assert not [name for name, value in things.ids.items() if value in answer], path


async def test_body_cannot_name_what_belongs_to_another_company(
    world: World, stranger: World
) -> None:
    theirs = (await create_things(stranger)).ids
    own = (await create_things(world)).ids
    user = str(stranger.user_ids[Role.ADMIN])
    for path, body, field in (
        ("/tasks", {"title": "Call", "contact_id": theirs["contact_id"]}, "contact_id"),
        ("/tasks", {"title": "Call", "assigned_to": user}, "assigned_to"),
        ("/contacts", {"assigned_to": user}, "assigned_to"),
        ("/api-keys", {"name": "CRM", "role": "staff", "user_id": user}, "user_id"),
        (
            f"/campaigns/{own['campaign_id']}/steps",
            {"step_type": "wait", "parent_step_id": theirs["step_id"], "branch": "true"},
            "parent_step_id",
        ),
    ):
        assert invalid_fields(await world.admin.request("POST", path, json=body)) == {field}
    for path, body in (
        ("/projects", {"contact_id": theirs["contact_id"]}),
        (
            f"/campaigns/{own['campaign_id']}/enrollments",
            {"contact_id": own["new_contact_id"], "project_id": theirs["project_id"]},
        ),
    ):
        problem(await world.admin.request("POST", path, json=body), 404, "not_found")


@pytest.mark.parametrize(
    ("body", "allowed"),
    [
        ({"status": "paused"}, True),
        ({"on_resume": "skip"}, True),
        ({"status": "paused", "on_resume": "shift"}, True),
        ({"name": "Mine"}, False),
        ({"status": "paused", "name": "Mine"}, False),
        ({"max_enrollments": None}, False),
    ],
)
async def test_manager_changes_status_and_on_resume_alone(
    world: World, *, body: dict[str, object], allowed: bool
) -> None:
    campaign = await world.create_campaign({"step_type": "wait"})
    path = f"/campaigns/{campaign['id']}"

    response = await world.manager.request("PATCH", path, json=body)

    if allowed:
        changed = response.json()["campaign"]
        assert {name: changed[name] for name in body} == body
    else:
        problem(response, 403, "forbidden")
        assert (await world.manager.get(path))["campaign"] == campaign


async def test_manager_starts_stops_and_archives(world: World) -> None:
    campaign = await world.create_campaign({"step_type": "wait"}, activate=False)
    for status in ("active", "paused", "active", "archived"):
        answer = await world.manager.patch(f"/campaigns/{campaign['id']}", {"status": status})
        assert answer["campaign"]["status"] == status
