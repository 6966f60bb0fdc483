"""The walls: no spelling of an address and no answer of DNS leads a webhook into a network."""

import ipaddress
import ssl
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from alerts import egress
from alerts.deliveries.sending import WebhookSender
from alerts.egress import AddressNotPublic, UrlMalformed, check_connected, check_resolved, endpoint_of, is_public
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import strategies as st

PRIVATE = (
    "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "192.0.0.8",
    "198.18.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255", "192.88.99.1", "203.0.113.7",
)  # fmt: skip
PRIVATE_6 = (
    "::1", "::", "fe80::1", "fc00::1", "fd12::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:8.8.8.8", "64:ff9b::7f00:1",
    "64:ff9b:1::1", "2002:7f00:1::", "2001::1", "2001:db8::1", "fec0::1", "5f00::1", "::7f00:1",
)  # fmt: skip
ODD = (
    "2130706433", "0x7f.1", "0x7f000001", "0177.0.0.1", "127.1", "127.0.0.1.", "[::ffff:127.0.0.1]", "[::1]",
    "localhost", "LOCALHOST", "localhost.", "a.localhost", "registry", "db.internal", "printer.local", "1.2.3.0x7f",
)  # fmt: skip


@pytest.mark.parametrize("host", [*PRIVATE, *(f"[{one}]" for one in PRIVATE_6), *ODD])
def test_addresses_inside_are_refused_in_every_spelling(host: str) -> None:
    with pytest.raises((AddressNotPublic, UrlMalformed)):
        endpoint_of(f"https://{host}/", loopback=False)


@pytest.mark.parametrize(
    "url",
    [
        "ftp://a.example.org/", "//a.example.org/", "https://", "https:///x", "https://a.example.org:0/",
        "https://a.example.org:99999/", "https://a.example.org:22/", "https://a.example.org\\@b.example.org/",
        "https://u@a.example.org/", "https://a.example.org/#x", "https://exämple.org/", "https://a..example.org/",
        "https://-a.example.org/", "https://a.example.org/ x", "https://a.example.org/\n", "https://[::1", "x",
        "https://8.8.8.8/", "https://[2606:4700:4700::1111]/", "https://%31%32%37.0.0.1/", "https://a_b.example.org/",
        "https://127.0.0.1%2f@a.example.org/", "https://[fe80::1%25eth0]/", "https://example.org./", "javascript:1",
    ],
)  # fmt: skip
def test_urls_of_another_kind_are_refused(url: str) -> None:
    with pytest.raises((AddressNotPublic, UrlMalformed)):
        endpoint_of(url, loopback=False)


@given(st.text(max_size=60))
def test_whatever_is_given_is_an_endpoint_or_refused(text: str) -> None:
    for url in (text, f"https://{text}/", f"https://{text}"):
        try:
            endpoint_of(url, loopback=False)
        except (AddressNotPublic, UrlMalformed):
            continue


@given(st.ip_addresses(v=4))
def test_what_is_public_is_global_and_no_loopback_in_disguise(address: ipaddress.IPv4Address) -> None:
    if is_public(address):
        assert address.is_global
        assert not any((address.is_private, address.is_multicast, address.is_reserved, address.is_link_local))
    for disguise in (f"::ffff:{address}", f"64:ff9b::{address}", f"::{address}", f"2002:{int(address) >> 16:x}::"):
        assert not is_public(ipaddress.ip_address(disguise))


@given(st.ip_addresses(v=6))
def test_public_addresses_of_version_6_are_global_unicast_and_no_tunnel(address: ipaddress.IPv6Address) -> None:
    if is_public(address):
        assert address in ipaddress.ip_network("2000::/3")
        assert address.sixtofour is None
        assert address.teredo is None
        assert address.ipv4_mapped is None


@given(st.lists(st.ip_addresses(), max_size=5))
def test_one_address_inside_spoils_all(addresses: list[Any]) -> None:
    endpoint = endpoint_of("https://a.example.org/", loopback=False)
    texts = [str(address) for address in addresses]
    if addresses and all(is_public(address) for address in addresses):
        check_resolved(endpoint, texts, loopback=False)
    else:
        with pytest.raises(AddressNotPublic):
            check_resolved(endpoint, texts, loopback=False)


def test_in_development_the_loopback_alone_is_let_through() -> None:
    assert endpoint_of("http://127.0.0.1:9000/x", loopback=True).port == 9000
    assert endpoint_of("http://[::1]:9000/x", loopback=True).literal
    for url in ("http://10.0.0.1/", "https://192.168.0.1/", "http://[::ffff:127.0.0.1]/", "http://169.254.169.254/",
                "http://a.example.org/"):  # fmt: skip
        with pytest.raises((AddressNotPublic, UrlMalformed)):
            endpoint_of(url, loopback=True)
    named = endpoint_of("https://a.example.org/", loopback=True)
    with pytest.raises(AddressNotPublic):
        check_resolved(named, ["127.0.0.1"], loopback=True)
    with pytest.raises(AddressNotPublic):
        check_connected("10.0.0.1", loopback=True)


class Inside:
    """A server on the loopback that must not be reached."""

    def __init__(self) -> None:
        self.hits = 0

    async def answer(self, request: web.Request) -> web.StreamResponse:
        self.hits += 1
        if request.path == "/redirect":
            return web.Response(status=302, headers={"Location": "/landed"})
        if request.path == "/endless":
            response = web.StreamResponse()
            await response.prepare(request)
            try:
                while True:
                    await response.write(b"x" * 65536)
            except ConnectionError:
                return response
        return web.Response()


@pytest.fixture
async def inside() -> AsyncIterator[tuple[Inside, int]]:
    server = Inside()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", server.answer)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    yield server, runner.addresses[0][1]
    await runner.cleanup()


async def test_a_name_that_leads_inside_is_not_followed(inside: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    server, port = inside
    monkeypatch.setattr(egress, "PORTS", frozenset({port}))
    answers = iter([["93.184.215.14", "127.0.0.1"], ["127.0.0.1"], ["::ffff:127.0.0.1"]])

    async def rebinding(host: str, port: int) -> list[str]:
        return next(answers)

    async with WebhookSender(loopback=False, lookup=rebinding) as sender:
        for _ in range(3):
            answer = await sender.send(f"https://rebind.example.org:{port}/", b"{}", {})
            assert (answer.status, answer.failure) == (None, "private_address")
    assert server.hits == 0


async def test_the_socket_is_the_last_wall(inside: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    server, port = inside
    monkeypatch.setattr(egress, "endpoint_of", lambda url, loopback: None)
    async with WebhookSender(loopback=False) as sender:
        answer = await sender.send(f"http://127.0.0.1:{port}/", b"{}", {})
    assert answer.failure == "private_address"
    assert server.hits == 0


async def test_redirects_are_not_followed_and_answers_not_swallowed(
    inside: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    server, port = inside
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    async with WebhookSender(loopback=True) as sender:
        assert (await sender.send(f"http://127.0.0.1:{port}/redirect", b"{}", {})).status == 302
        assert (await sender.send(f"http://127.0.0.1:{port}/endless", b"{}", {})).status == 200
        assert (await sender.send("http://127.0.0.1:9/", b"{}", {})).failure == "connection"
    assert server.hits == 2


def certificate(name: str, folder: Path) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """A server's TLS for this name, and a client's that trusts it."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    plain = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file = folder / f"{name}.pem"
    file.write_bytes(plain + made.public_bytes(serialization.Encoding.PEM))
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(file)
    return server, ssl.create_default_context(cafile=str(file))


async def test_the_certificate_must_be_that_of_the_name(tmp_path: Path) -> None:
    named: list[str | None] = []

    async def told(offered: ssl.SSLContext, trusted: ssl.SSLContext | None) -> str | int | None:
        offered.sni_callback = lambda sock, name, context: named.append(name)
        server = Inside()
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", server.answer)
        runner = web.AppRunner(app, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=offered).start()
        async with WebhookSender(loopback=True, trusted=trusted) as sender:
            answer = await sender.send(f"https://localhost:{runner.addresses[0][1]}/", b"{}", {})
        await runner.cleanup()
        return answer.status or answer.failure

    right, trusts_right = certificate("localhost", tmp_path)
    wrong, trusts_wrong = certificate("other.example.org", tmp_path)
    assert await told(right, trusts_right) == 200
    assert await told(right, None) == "certificate"
    assert await told(wrong, trusts_wrong) == "certificate"
    assert set(named) == {"localhost"}
