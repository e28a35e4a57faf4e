"""Who opens and clicks: people, and the programs that read their mail before them."""

from datetime import UTC, datetime, timedelta

import pytest

from domain.enums import EngagementKind
from domain.machines import machine_rule

SENT = datetime(2026, 11, 2, 16, tzinfo=UTC)
OPEN, CLICK = EngagementKind.OPEN, EngagementKind.CLICK

SAFARI = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 19_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)"
    " Version/19.1 Mobile/15E148 Safari/604.1"
)
CHROME = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)"
    " Chrome/142.0.0.0 Safari/537.36"
)
GMAIL = "Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)"
PREFETCH = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)"
    " Chrome/42.0.2311.135 Safari/537.36 Edge/12.246 Mozilla/5.0"
)
YAHOO = "YahooMailProxy; https://help.yahoo.com/kb/yahoo-mail-proxy-SLN28749.html"
OUTLOOK = "Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0.18025; Pro)"


def rule(
    user_agent: str | None = SAFARI,
    address: str | None = "203.0.113.7",
    method: str = "GET",
    *,
    kind: EngagementKind = OPEN,
    sent_at: datetime | None = SENT,
    after: timedelta = timedelta(minutes=5),
) -> str | None:
    return machine_rule(
        kind,
        user_agent=user_agent,
        address=address,
        method=method,
        sent_at=sent_at,
        at=(sent_at or SENT) + after,
    )


@pytest.mark.parametrize(
    "user_agent",
    [
        SAFARI,
        CHROME,
        CHROME + " Edg/142.0.0.0",
        OUTLOOK,
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko)",
        "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Thunderbird/140.4.0",
        "Mozilla/5.0 (Linux; Android 15; CUBOT KINGKONG 9) AppleWebKit/537.36 Chrome/140.0.0.0 Mobile",
        "Dalvik/2.1.0 (Linux; U; Android 15; SM-S928U Build/AP3A)",
    ],
)
@pytest.mark.parametrize("kind", EngagementKind)
def test_mail_program_or_browser_is_a_person(user_agent: str, kind: EngagementKind) -> None:
    assert rule(user_agent, kind=kind) is None


@pytest.mark.parametrize("user_agent", [GMAIL, YAHOO])
def test_image_proxy_that_fetches_on_open_is_a_person_but_one_that_clicks_is_not(
    user_agent: str,
) -> None:
    assert rule(user_agent, "66.249.84.1") is None
    assert rule(user_agent, "66.249.84.1", kind=CLICK) == "image_proxy"


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        ("Mozilla/5.0", "apple_mail_privacy"),
        (" Mozilla/5.0 ", "apple_mail_privacy"),
        ("", "no_user_agent"),
        ("  ", "no_user_agent"),
        (PREFETCH, "gmail_prefetch"),
        ("Barracuda Sentinel (EE)", "security_gateway"),
        (f"{CHROME} Proofpoint/URLDefense", "security_gateway"),
        ("Mimecast URL Protect", "security_gateway"),
        ("Mozilla/5.0 (compatible; Microsoft Defender SmartScreen)", "security_gateway"),
        ("Mozilla/5.0 (compatible; SafeLinks)", "security_gateway"),
        ("Microsoft URL Analyzer", "security_gateway"),
        (f"{CHROME} BingPreview/1.0b", "security_gateway"),
        ("FortiMail", "security_gateway"),
        ("Mozilla/5.0 (X11) HeadlessChrome/142.0.0.0 Safari/537.36", "headless_browser"),
        ("PhantomJS/2.1.1", "headless_browser"),
        ("python-requests/2.32.3", "http_client"),
        ("Python/3.12 aiohttp/3.11", "http_client"),
        ("curl/8.10.1", "http_client"),
        ("Wget/1.25", "http_client"),
        ("Go-http-client/2.0", "http_client"),
        ("Java/21.0.5", "http_client"),
        ("axios/1.7.9", "http_client"),
        ("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", "bot"),
        ("Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)", "bot"),
        ("facebookexternalhit/1.1", "bot"),
        ("Mozilla/5.0 (compatible; Yahoo Link Preview)", "bot"),
        ("SomeCrawler/1.0", "bot"),
        ("Acme URL Scanner", "bot"),
    ],
)
@pytest.mark.parametrize("kind", EngagementKind)
def test_program_is_known_by_its_name(user_agent: str, name: str, kind: EngagementKind) -> None:
    assert rule(user_agent, kind=kind) == name


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("17.58.1.2", "apple_network"),
        ("17.255.255.255", "apple_network"),
        ("::ffff:17.58.1.2", "apple_network"),
        ("2620:149:af0::10", "apple_network"),
        ("40.92.1.1", "exchange_online_protection"),
        ("40.107.200.9", "exchange_online_protection"),
        ("104.47.59.1", "exchange_online_protection"),
        ("2a01:111:f403:c001::1", "exchange_online_protection"),
        ("16.255.255.255", None),
        ("18.0.0.1", None),
        ("172.224.226.1", None),
        ("2001:db8::1", None),
        ("unknown", None),
        ("", None),
        (None, None),
        ("17.58.1", None),
    ],
)
def test_program_is_known_by_its_network(address: str | None, name: str | None) -> None:
    assert rule(SAFARI, address) == name


def test_request_for_the_head_alone_is_a_machines() -> None:
    assert rule(SAFARI, method="HEAD") == "head_request"


@pytest.mark.parametrize(
    ("seconds", "name"),
    [
        (-3600, None),
        (-11, None),
        (-9.9, "too_soon"),
        (0, "too_soon"),
        (1.999, "too_soon"),
        (2, None),
        (86_400, None),
    ],
)
def test_whoever_is_there_within_two_seconds_of_the_send_is_a_machine(
    seconds: float, name: str | None
) -> None:
    assert rule(SAFARI, after=timedelta(seconds=seconds)) == name
    assert rule(GMAIL, after=timedelta(seconds=seconds)) == name


def test_without_a_time_of_the_send_nothing_is_too_soon() -> None:
    assert rule(SAFARI, sent_at=None, after=timedelta(0)) is None


def test_where_the_client_is_not_known_only_the_time_tells() -> None:
    assert rule(None, None) is None
    assert rule(None, None, after=timedelta(seconds=1)) == "too_soon"
