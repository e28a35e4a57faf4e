"""Which opens and clicks are a machine's: they are kept, but count neither for metrics nor goals nor branches.

Mail is read by programs before people see it, and some load every image and follow every link. Each rule has a name,
which is kept with what it caught. A rule is here because its source says what the program does, and where a doubt is
left the open is a person's: whoever hides behind Gmail's or Yahoo's image proxy has opened the e-mail, since these
fetch an image when it is shown (https://support.google.com/mail/answer/145919, and
https://help.yahoo.com/kb/yahoo-mail-proxy-SLN28749.html). A click by an image proxy is nobody's.

| rule | what it catches |
| --- | --- |
| `head_request` | a client that wants no answer to show: a link checker |
| `no_user_agent` | every mail program and browser says what it is |
| `apple_mail_privacy` | Mail Privacy Protection, which loads all images on delivery, as `Mozilla/5.0` and no more (1) |
| `gmail_prefetch` | Gmail's prefetch, which gives the name of a browser of 2015 (2) |
| `image_proxy` | a proxy of images that follows a link |
| `security_gateway` | gateways that open links to judge them, by their names (3) |
| `headless_browser` | a browser without a screen: such a gateway's sandbox |
| `http_client` | a programmer's library |
| `bot` | what calls itself one, or a crawler, a scanner, a preview |
| `apple_network` | Apple's own network: image proxies, and Applebot |
| `exchange_online_protection` | Microsoft's gateway, where Defender follows links (4) |
| `too_soon` | within 2 seconds of the send nobody has read anything |

(1) https://www.mailgun.com/blog/product/bot-detection/ (2) https://bird.com/blog/gmail-prefetching-images
(3) https://campus.barracuda.com/product/sentinel/doc/498468311/unwanted-link-clicks, for one of them
(4) https://learn.microsoft.com/microsoft-365/enterprise/urls-and-ip-address-ranges, Exchange Online, 9 and 10
"""

import re
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network

from domain.enums import EngagementKind

TOO_SOON = timedelta(seconds=2)

MAX_ANSWER = timedelta(seconds=10)
"""How long a provider may take to say that it has accepted an e-mail, which is on its way by then."""

_IMAGE_PROXY = re.compile(r"GoogleImageProxy|YahooMailProxy", re.IGNORECASE)
_USER_AGENTS = {
    "apple_mail_privacy": re.compile(r"^Mozilla/5\.0$"),
    "gmail_prefetch": re.compile(
        r"Chrome/42\.0\.2311\.135 Safari/537\.36 Edge/12\.246 Mozilla/5\.0$"
    ),
    "security_gateway": re.compile(
        r"Barracuda|Proofpoint|Mimecast|Safe ?Links|Microsoft[ -]?(?:Defender|URL ?Analyzer)|BingPreview"
        r"|IronPort|FireEye|Trellix|Symantec|MessageLabs|McAfee|Forcepoint|Fortinet|FortiMail|Sophos"
        r"|Trend ?Micro|Zscaler|Check ?Point|Avanan|Cloudmark|Vade ?Secure|Hornetsecurity|Bitdefender",
        re.IGNORECASE,
    ),
    "headless_browser": re.compile(
        r"Headless|PhantomJS|Puppeteer|Playwright|Selenium|WebDriver", re.IGNORECASE
    ),
    "http_client": re.compile(
        r"^(?:curl|wget|python|aiohttp|httpx|go-http-client|java|apache-httpclient|axios|node|undici"
        r"|got|php|guzzlehttp|ruby|faraday|lwp|libwww-perl|perl|rest-client|winhttp)\b",
        re.IGNORECASE,
    ),
    # CUBOT makes telephones.
    "bot": re.compile(
        r"(?<!cu)bot\b|crawler|spider|scanner|link ?check|preview|facebookexternalhit|slurp",
        re.IGNORECASE,
    ),
}
_NETWORKS = {
    # 017/8 is Apple's: https://www.iana.org/assignments/ipv4-address-space; AS714 announces both.
    "apple_network": ("17.0.0.0/8", "2620:149::/32"),
    "exchange_online_protection": (
        "40.92.0.0/15", "40.107.0.0/16", "52.100.0.0/14", "104.47.0.0/17", "2a01:111:f403::/48",
    ),
}  # fmt: skip
_PARSED = {rule: tuple(map(ip_network, networks)) for rule, networks in _NETWORKS.items()}


def machine_rule(
    kind: EngagementKind,
    *,
    user_agent: str | None,
    address: str | None,
    method: str,
    sent_at: datetime | None,
    at: datetime,
) -> str | None:
    """The name of the rule by which this was a machine; None if it was a person, as far as one can tell.

    Args:
        kind: What was done.
        user_agent: As the client gave it, empty if it gave none; None where that is not known.
        address: The client's network address; None, or anything that is none, where it is not known.
        method: `GET` or `HEAD`.
        sent_at: When the provider's answer to the send was recorded, on the same clock as `at`; None
            if nobody knows.
        at: When it happened.
    """
    if method == "HEAD":
        return "head_request"
    return (
        _by_user_agent(kind, user_agent)
        or _by_network(address)
        or ("too_soon" if sent_at and -MAX_ANSWER <= at - sent_at < TOO_SOON else None)
    )


def _by_user_agent(kind: EngagementKind, user_agent: str | None) -> str | None:
    if user_agent is None:
        return None
    name = user_agent.strip()
    if not name:
        return "no_user_agent"
    if _IMAGE_PROXY.search(name):
        return "image_proxy" if kind is EngagementKind.CLICK else None
    return next((rule for rule, pattern in _USER_AGENTS.items() if pattern.search(name)), None)


def _by_network(address: str | None) -> str | None:
    try:
        ip = ip_address(address or "")
    except ValueError:
        return None
    if isinstance(ip, IPv6Address) and ip.ipv4_mapped:
        ip = ip.ipv4_mapped
    return next(
        (rule for rule, networks in _PARSED.items() if any(ip in network for network in networks)),
        None,
    )
