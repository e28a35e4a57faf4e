"""The web pages, as the API serves what was built of them."""

import json
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from api.app import create_app
from api.limits import RateLimits
from services.settings import Settings
from tests.api.client import problem
from tests.api.conftest import serving

DOCUMENT = "<!doctype html><title>Campaigns</title>"
SCRIPT = "console.log('hail');\n" * 1000


@pytest.fixture
def built(settings: Settings, tmp_path: Path) -> Settings:
    """Settings whose pages are built."""
    (tmp_path / "dist" / "assets").mkdir(parents=True)
    (tmp_path / "secret.txt").write_text("secret")
    (tmp_path / "dist" / "index.html").write_text(DOCUMENT)
    (tmp_path / "dist" / "favicon.svg").write_text("<svg/>")
    (tmp_path / "dist" / "assets" / "index-3f2a.js").write_text(SCRIPT)
    return settings.model_copy(update={"web_dist": tmp_path / "dist"})


@pytest.fixture
async def pages(built: Settings) -> AsyncIterator[httpx.AsyncClient]:
    async with serving(built, RateLimits()) as http:
        yield http


@pytest.fixture
async def unbuilt(settings: Settings, tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    nowhere = settings.model_copy(update={"web_dist": tmp_path / "nowhere"})
    async with serving(nowhere, RateLimits()) as http:
        yield http


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/campaigns",
        "/campaigns/new",
        "/set-password?token=x",
        "/u2/x",
        "/apis",
        "/a%00b",
        "//x",
    ],
)
async def test_every_page_is_shown_by_the_one_document(pages: httpx.AsyncClient, path: str) -> None:
    response = await pages.get(path)

    assert (response.status_code, response.text) == (200, DOCUMENT)
    assert response.headers["content-type"].startswith("text/html")
    assert response.headers["cache-control"] == "no-cache"
    assert (await pages.head(path)).headers == response.headers


async def test_document_that_has_not_changed_is_not_sent_again(pages: httpx.AsyncClient) -> None:
    etag = (await pages.get("/")).headers["etag"]
    again = await pages.get("/campaigns", headers={"if-none-match": etag})
    assert (again.status_code, again.content) == (304, b"")


async def test_document_may_load_nothing_from_elsewhere_and_be_framed_by_nobody(
    pages: httpx.AsyncClient,
) -> None:
    headers = (await pages.get("/")).headers
    policy = dict(each.split(" ", 1) for each in headers["content-security-policy"].split("; "))
    assert policy["default-src"] == policy["frame-src"] == policy["form-action"] == "'self'"
    assert policy["object-src"] == policy["base-uri"] == policy["frame-ancestors"] == "'none'"
    assert "script-src" not in policy
    assert "connect-src" not in policy
    assert "geolocation=()" in headers["permissions-policy"]


@pytest.mark.parametrize("path", ["/", "/assets/index-3f2a.js", "/api/me", "/docs", "/healthz"])
async def test_no_answer_is_guessed_at_or_tells_other_sites_where_one_was(
    pages: httpx.AsyncClient, path: str
) -> None:
    headers = (await pages.get(path)).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"


async def test_asset_is_compressed_and_kept_for_good(pages: httpx.AsyncClient) -> None:
    response = await pages.get("/assets/index-3f2a.js", headers={"accept-encoding": "gzip"})

    assert response.text == SCRIPT
    assert response.headers["content-encoding"] == "gzip"
    assert response.headers["vary"] == "Accept-Encoding"
    assert response.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert response.headers["content-type"].startswith("text/javascript")
    plain = await pages.get("/assets/index-3f2a.js", headers={"accept-encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert plain.text == SCRIPT


async def test_file_beside_the_document_is_served_as_itself(pages: httpx.AsyncClient) -> None:
    response = await pages.get("/favicon.svg")
    assert response.text == "<svg/>"
    assert response.headers["content-type"].startswith("image/svg+xml")
    assert response.headers["cache-control"] == "no-cache"


@pytest.mark.parametrize(
    "path",
    ["/api", "/api/unknown", "/assets/gone.js", "/t/x", "/webhooks/x", "/metrics", "/docs/x"],
)
async def test_what_is_for_programs_is_not_found_in_their_language(
    pages: httpx.AsyncClient, unbuilt: httpx.AsyncClient, path: str
) -> None:
    for http in (pages, unbuilt):
        problem(await http.get(path), 404, "not_found")


async def test_page_is_only_looked_at(pages: httpx.AsyncClient) -> None:
    problem(await pages.post("/campaigns"), 404, "not_found")
    refused = await pages.get("/api/auth/password-resets")
    problem(refused, 405, "method_not_allowed")
    assert refused.headers["allow"] == "POST"


@pytest.mark.parametrize("path", ["/%2e%2e/secret.txt", "/assets/%2e%2e/%2e%2e/secret.txt"])
async def test_nothing_beside_the_pages_is_served(pages: httpx.AsyncClient, path: str) -> None:
    assert "secret" not in (await pages.get(path)).text


async def test_pages_that_are_not_built_say_how_to_build_them(unbuilt: httpx.AsyncClient) -> None:
    for path in ("/", "/campaigns"):
        response = await unbuilt.get(path)
        assert response.status_code == 503
        assert "make web" in response.text
    assert (await unbuilt.get("/docs")).status_code == 200


def test_document_of_the_api_is_printed_without_database_or_secrets(settings: Settings) -> None:
    bare = {"PATH": os.environ["PATH"]}
    printed = subprocess.run(
        [sys.executable, "-m", "api.openapi"], env=bare, capture_output=True, check=True
    )
    assert json.loads(printed.stdout) == create_app(settings).openapi()
