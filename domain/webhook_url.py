"""Where a `webhook` step may go and what it may say about itself.

Companies type these addresses and our servers call them: one that leads into our own network is
refused (OWASP, Server Side Request Forgery). What the text alone can tell is told here, when the
step is saved; the addresses that the name leads to are checked with `is_public` at each call.
"""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import urlsplit

METHODS = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE"})

_UNSAFE = re.compile(r"[^\x21-\x7e]|\\")
_LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")

_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_VALUE = re.compile(r"[\t\x20-\x7e]*")
_OUR_HEADERS = frozenset(
    {
        "accept-encoding",
        "connection",
        "content-length",
        "expect",
        "host",
        "keep-alive",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    }
)
_OUR_PREFIXES = ("proxy-", "webhook-")

# RFC 4291: every unicast address that is routed on the internet lies here. NAT64 (64:ff9b::/96),
# IPv4-mapped, site-local and multicast addresses do not.
_GLOBAL_UNICAST = ip_network("2000::/3")
_NOT_PUBLIC = (
    ip_network("192.0.0.0/24"),  # RFC 6890, protocol assignments
    ip_network("192.88.99.0/24"),  # RFC 7526, the relays of 6to4
    ip_network("2001::/23"),  # RFC 2928, protocol assignments, Teredo among them
    ip_network("2001:db8::/32"),  # RFC 3849, documentation
    ip_network("2002::/16"),  # RFC 3056, 6to4: an IPv4 address inside
    ip_network("3fff::/20"),  # RFC 9637, documentation
)


@dataclass(frozen=True, slots=True)
class WebhookTarget:
    """The parts of a checked URL. `trusted`: the operator named the host, it may be private."""

    scheme: str
    host: str
    port: int
    trusted: bool

    @property
    def authority(self) -> str:
        """The `Host` header: the name, and the port where it is not the scheme's own."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        is_default = self.port == _default_port(self.scheme)
        return host if is_default else f"{host}:{self.port}"


def check_url(url: str, allow_hosts: Collection[str]) -> WebhookTarget:
    """Read the URL of a webhook and refuse what must not be called.

    `allow_hosts` names hosts (`host` or `host:port`, lower case) that may be private and plain
    http. The answer is for the caller of the webhook; a validator has no use for it.

    Raises:
        ValueError: not https, no host, a user name in it, or a host that is not public.
    """
    if _UNSAFE.search(url):
        raise ValueError("the URL has characters that must be percent-encoded")
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"}:
        raise ValueError("the URL must start with https://")
    if "@" in parts.netloc:
        raise ValueError("the URL must not carry a user name or a password")
    host = parts.hostname
    if not host:
        raise ValueError("the URL has no host")
    port = _default_port(parts.scheme) if parts.port is None else parts.port
    trusted = _is_named(host, port, allow_hosts)
    if not trusted:
        if parts.scheme != "https":
            raise ValueError("the URL must start with https://")
        _check_host(host)
    return WebhookTarget(parts.scheme, host, port, trusted)


def check_header(name: str, value: str) -> None:
    """Refuse a header that would speak for us or break the message (RFC 9110, section 5).

    Raises:
        ValueError: names the header, never its value, which may be a secret.
    """
    if not _TOKEN.fullmatch(name):
        raise ValueError(f"{name!r} is not the name of a header")
    if name.lower() in _OUR_HEADERS or name.lower().startswith(_OUR_PREFIXES):
        raise ValueError(f"the header {name} cannot be set")
    if not _VALUE.fullmatch(value):
        raise ValueError(f"the header {name} has a line break or a character beyond ASCII")


def is_public(address: str) -> bool:
    """Whether an IP address belongs to the internet at large, and to nothing behind it.

    `ipaddress.is_global` alone is also true for multicast, for documentation addresses, and for
    IPv6 addresses that carry a private IPv4 address inside.
    """
    ip = ip_address(address)
    if isinstance(ip, IPv6Address) and ip not in _GLOBAL_UNICAST:
        return False
    if ip.is_multicast or ip.is_reserved or not ip.is_global:
        return False
    return not any(ip.version == network.version and ip in network for network in _NOT_PUBLIC)


def _default_port(scheme: str) -> int:
    return 443 if scheme == "https" else 80


def _is_named(host: str, port: int, allow_hosts: Collection[str]) -> bool:
    bracketed = f"[{host}]" if ":" in host else host
    return not {host, bracketed, f"{bracketed}:{port}"}.isdisjoint(allow_hosts)


def _check_host(host: str) -> None:
    address = _literal(host)
    if address is not None:
        if not is_public(str(address)):
            raise ValueError(f"{host} is not a public address")
        return
    labels = host.split(".")
    if not _are_labels(labels):
        raise ValueError(f"{host!r} is not a host name")
    if _NUMBER.fullmatch(labels[-1]):
        # 127.1, 0x7f000001 and 017700000001 all lead home: the system reads them as IPv4.
        raise ValueError(f"{host} is not a host name")
    if len(labels) == 1 or labels[-1] == "localhost":
        raise ValueError(f"{host} is not a public host name")


def _are_labels(labels: Iterable[str]) -> bool:
    return all(_LABEL.fullmatch(label) for label in labels)


def _literal(host: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(host)
    except ValueError:
        return None
