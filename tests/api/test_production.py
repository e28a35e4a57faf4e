"""What is fine on a developer's machine and refused in production."""

from typing import Any
from uuid import uuid4

import pytest
from pydantic import ValidationError

from api.limits import RateLimits
from db.session import Database, person
from domain.enums import Role
from services.auth import DEMO_PREFIX
from services.companies import create_key, create_user
from services.settings import Settings
from tests.api.client import ORIGIN, problem
from tests.api.conftest import serving
from tests.api.routes import new_address
from tests.world import Caller, World

STRONG = "Zm9yIHRoZSB0ZXN0cyBvbmx5LCBub3QgZm9yIHVzZQ"


def production(settings: Settings, **changes: Any) -> Settings:
    values = {**settings.model_dump(), "campaigns_env": "production", "secret_key": STRONG}
    return Settings(**{**values, **changes})


async def create_demo_key(world: World, database: Database) -> str:
    key = f"{DEMO_PREFIX}_{uuid4().hex}"
    async with database.transaction(
        person(world.tenant_id, world.user_ids[Role.ADMIN], Role.ADMIN)
    ) as session:
        user = await create_user(
            session, email=new_address(), name="Demo", role=Role.ADMIN, password=None
        )
        await create_key(session, user, Role.ADMIN, key)
    return key


async def test_demo_key_works_in_development_only(
    world: World, database: Database, settings: Settings
) -> None:
    key = await create_demo_key(world, database)
    assert (await Caller(world.admin.http, key).request("GET", "/me")).status_code == 200
    async with serving(production(settings), RateLimits()) as http:
        problem(await Caller(http, key).request("GET", "/me"), 401, "unauthorized")
        assert (await Caller(http, world.admin.key).request("GET", "/me")).status_code == 200


@pytest.mark.parametrize("secret", ["", "secret", "x" * 31, "x" * 64, "changeme" * 5])
def test_weak_secret_is_refused_in_production(settings: Settings, secret: str) -> None:
    with pytest.raises(ValidationError, match="SECRET_KEY"):
        production(settings, secret_key=secret)
    values = {**settings.model_dump(), "campaigns_env": "development", "secret_key": secret}
    assert Settings(**values).secret_key == secret


def test_environment_is_production_unless_it_says_otherwise(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("CAMPAIGNS_ENV", raising=False)
    monkeypatch.delenv("SECRET_KEY", raising=False)
    with pytest.raises(ValidationError, match="SECRET_KEY"):
        Settings(database_url="postgresql://nowhere")


@pytest.mark.parametrize(
    ("public_url", "secure"), [("https://campaigns.example", True), (ORIGIN, False)]
)
async def test_session_cookie_is_for_https_where_the_pages_are(
    world: World, settings: Settings, *, public_url: str, secure: bool
) -> None:
    address, password = new_address(), "correct horse battery"
    body = {"email": address, "name": "Ada", "role": "admin", "password": password}
    await world.admin.post("/users", body)
    async with serving(production(settings, public_url=public_url), RateLimits()) as http:
        response = await http.post(
            "/api/auth/session", json={"email": address, "password": password}
        )
    cookie = response.headers["set-cookie"].lower()
    assert ("; secure" in cookie) is secure


async def test_webhook_reaches_only_the_private_hosts_that_the_operator_names(
    world: World, settings: Settings
) -> None:
    campaign = await world.create_campaign(activate=False)
    async with serving(
        production(settings, webhook_allow_hosts="crm.local, 10.0.0.7:8080"), RateLimits()
    ) as http:
        admin = Caller(http, world.admin.key)
        for url, status in (
            ("http://crm.local/hook", 201),
            ("http://10.0.0.7:8080/", 201),
            ("http://10.0.0.7/", 422),
            ("https://10.0.0.8/", 422),
            ("http://crm.example/", 422),
        ):
            body = {"step_type": "webhook", "step_config": {"url": url}}
            response = await admin.request("POST", f"/campaigns/{campaign['id']}/steps", json=body)
            assert response.status_code == status, url
