"""Somebody who has an e-mail, and follows its links for ever."""

from api.limits import RateLimits
from services.links import Links
from services.settings import Settings
from services.tokens import Tokens
from tests.api.conftest import serving
from tests.api.sent import BROWSER, create_sent
from tests.world import World


async def test_flood_of_clicks_is_answered_and_not_kept(settings: Settings, world: World) -> None:
    sent, other = await create_sent(world), await create_sent(world)
    links = Links(settings.public_url, Tokens(settings.secret_key))
    target = "https://reviews.example/ridge"
    async with serving(settings, RateLimits(engagements=5)) as http:
        for _ in range(8):
            path = links.click(world.tenant_id, sent.id, target)
            response = await http.get(path, headers={"user-agent": BROWSER})
            assert response.headers["location"] == target
        await http.get(links.pixel(world.tenant_id, other.id), headers={"user-agent": BROWSER})

    assert len(await sent.engagements()) == 5
    assert len(await sent.events()) == 5
    assert len(await other.engagements()) == 1, "another e-mail is heard"
