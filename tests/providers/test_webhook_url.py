import ipaddress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.webhook_url import check_header, check_url, is_public

NOBODY: frozenset[str] = frozenset()


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0",
        "10.1.2.3",
        "100.64.0.1",
        "127.0.0.1",
        "169.254.169.254",
        "172.16.0.1",
        "192.0.0.9",
        "192.0.2.1",
        "192.88.99.1",
        "192.168.1.1",
        "198.18.0.1",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::8.8.8.8",
        "::ffff:8.8.8.8",
        "::ffff:127.0.0.1",
        "64:ff9b::7f00:1",
        "64:ff9b::808:808",
        "64:ff9b:1::1",
        "100::1",
        "2001::1",
        "2001:10::1",
        "2001:db8::1",
        "2002:7f00:1::",
        "2002:808:808::",
        "3fff::1",
        "5f00::1",
        "fc00::1",
        "fd12:3456::1",
        "fe80::1",
        "fe80::1%eth0",
        "fec0::1",
        "ff02::1",
        "ff0e::1",
    ],
)
def test_address_that_is_not_on_the_internet_is_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "93.184.215.14", "2606:4700::1111", "2a00:1450::1"])
def test_address_on_the_internet_is_public(address: str) -> None:
    assert is_public(address)


@settings(max_examples=200)
@given(st.ip_addresses(v=4), st.sampled_from(["::ffff:0:0", "64:ff9b::", "::"]))
def test_no_ipv4_address_is_public_inside_an_ipv6_address(
    inner: ipaddress.IPv4Address, prefix: str
) -> None:
    outer = int(ipaddress.IPv6Address(prefix)) + int(inner)

    assert not is_public(str(ipaddress.IPv6Address(outer)))


@pytest.mark.parametrize(
    ("url", "host", "port", "authority"),
    [
        ("https://crm.example.com/hook?a=1", "crm.example.com", 443, "crm.example.com"),
        ("HTTPS://CRM.Example.com", "crm.example.com", 443, "crm.example.com"),
        ("https://crm.example.com:8443/", "crm.example.com", 8443, "crm.example.com:8443"),
        ("https://xn--bcher-kva.example/", "xn--bcher-kva.example", 443, "xn--bcher-kva.example"),
        ("https://8.8.8.8/", "8.8.8.8", 443, "8.8.8.8"),
        ("https://[2606:4700::1111]/", "2606:4700::1111", 443, "[2606:4700::1111]"),
    ],
)
def test_public_https_url_is_taken(url: str, host: str, port: int, authority: str) -> None:
    target = check_url(url, NOBODY)

    assert (target.host, target.port, target.authority) == (host, port, authority)
    assert not target.trusted


@pytest.mark.parametrize(
    "url",
    [
        "",
        "crm.example.com",
        "http://crm.example.com/",
        "ftp://crm.example.com/",
        "file:///etc/passwd",
        "https://",
        "https:///path",
        "https://user@crm.example.com/",
        "https://user:secret@crm.example.com/",
        "https://crm.example.com\\@127.0.0.1/",
        "https://crm.example.com /",
        "https://crm.example.com/a b",
        "https://crm.example.com/\r\nHost: inside",
        "https://bücher.example/",
        "https://crm.example.com:99999/",
        "https://crm.example.com:port/",
        "https://[::1/",
        "https://localhost/",
        "https://admin.localhost/",
        "https://intranet/",
        "https://crm..example.com/",
        "https://crm.example.com./",
        "https://-crm.example.com/",
        "https://127.0.0.1/",
        "https://127.1/",
        "https://2130706433/",
        "https://0x7f000001/",
        "https://0x7f.0.0.1/",
        "https://0177.0.0.1/",
        "https://10.0.0.8/",
        "https://169.254.169.254/latest/meta-data/",
        "https://[::1]/",
        "https://[::ffff:127.0.0.1]/",
        "https://[64:ff9b::7f00:1]/",
        "https://[fe80::1%25eth0]/",
        "https://%31%32%37.0.0.1/",
    ],
)
def test_url_that_leads_astray_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        check_url(url, NOBODY)


@pytest.mark.parametrize(
    ("allowed", "url"),
    [
        ("localhost", "http://localhost:8025/hook/crm"),
        ("localhost:8025", "http://localhost:8025/hook/crm"),
        ("127.0.0.1", "http://127.0.0.1:8025/hook/crm"),
        ("[::1]:8025", "http://[::1]:8025/"),
        ("::1", "https://[::1]/"),
        ("crm.inside:80", "http://CRM.inside/"),
    ],
)
def test_host_that_the_operator_named_may_be_private_and_plain_http(allowed: str, url: str) -> None:
    assert check_url(url, frozenset({allowed})).trusted


@pytest.mark.parametrize(
    ("allowed", "url"),
    [
        ("localhost:8025", "http://localhost:5432/"),
        ("crm.inside", "http://other.crm.inside/"),
        ("crm.inside", "http://user@crm.inside/"),
        ("crm.inside", "ftp://crm.inside/"),
        ("127.0.0.1", "http://127.1/"),
    ],
)
def test_named_host_opens_no_other_door(allowed: str, url: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        check_url(url, frozenset({allowed}))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Host", "inside"),
        ("content-length", "0"),
        ("Transfer-Encoding", "chunked"),
        ("Connection", "close"),
        ("Upgrade", "h2c"),
        ("Proxy-Authorization", "x"),
        ("webhook-signature", "v1,x"),
        ("Webhook-Id", "1"),
        ("Accept-Encoding", "gzip"),
        ("X Name", "x"),
        ("X-Name:", "x"),
        ("", "x"),
        ("X-Name\r\nHost", "x"),
        ("X-Name", "x\r\nHost: inside"),
        ("X-Name", "x\nHost: inside"),
        ("X-Name", "x\x00"),
        ("X-Name", "Zoë"),
    ],
)
def test_header_that_is_ours_or_breaks_the_message_is_refused(name: str, value: str) -> None:
    with pytest.raises(ValueError, match="header"):
        check_header(name, value)


@pytest.mark.parametrize(
    ("name", "value"), [("Authorization", "Bearer a.b-c=="), ("X-Tab", "a\tb"), ("X-Empty", "")]
)
def test_header_of_their_own_is_taken(name: str, value: str) -> None:
    check_header(name, value)
