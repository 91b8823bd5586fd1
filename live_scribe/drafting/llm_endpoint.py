"""Where a language model may be asked: on this machine or this network, unless somebody has said otherwise."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable, Sequence
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

import httpx

from live_scribe.errors import ConfigError, WriterError

Resolve = Callable[[str, int], Awaitable[Sequence[str]]]
"""Returns the addresses of a host. Raises OSError."""

_NETWORKS = "127.0.0.0/8 10.0.0.0/8 172.16.0.0/12 192.168.0.0/16 ::1/128 fc00::/7"
NEAR: tuple[IPv4Network | IPv6Network, ...] = tuple(ip_network(n) for n in _NETWORKS.split())
"""This machine and private networks (RFC 1918, RFC 4193). Not link-local: cloud machines tell their keys there."""

ELSEWHERE = (
    "is neither on this computer nor in a private network, and what patients say would leave it; to allow that, give "
    "--no-llm-local-only"
)


def is_near(address: str) -> bool:
    """Whether an address is on this machine or in a private network."""
    try:
        ip = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(ip, IPv6Address) and ip.ipv4_mapped is not None:
        ip = ip.ipv4_mapped
    return any(ip in network for network in NEAR if network.version == ip.version)


async def resolve(host: str, port: int) -> Sequence[str]:
    """Return the addresses that this computer knows for a host. Raises OSError."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def checked_url(url: str, *, local_only: bool) -> httpx.URL:
    """Return the address of a server's OpenAI-compatible interface, as `http://127.0.0.1:8080/v1`. Raises ConfigError.

    Names are looked up later, each time they are used.
    """
    try:
        parsed = httpx.URL(url)
    except (httpx.InvalidURL, ValueError):
        raise ConfigError("--llm-url: not an address; give one like http://127.0.0.1:8080/v1") from None
    if parsed.scheme not in ("http", "https") or not parsed.host:
        raise ConfigError("--llm-url: give the whole address, like http://127.0.0.1:8080/v1")
    if parsed.userinfo or parsed.query or parsed.fragment:
        raise ConfigError("--llm-url: no name, key or question in it; a key goes into LIVE_SCRIBE_LLM_KEY")
    if local_only and _is_address(parsed.host) and not is_near(parsed.host):
        raise ConfigError(f"--llm-url: {parsed.host} {ELSEWHERE}")
    near = parsed.host == "localhost" or is_near(parsed.host)
    if not local_only and parsed.scheme == "http" and not near:
        raise ConfigError("--llm-url: over the internet only with https://")
    return parsed.copy_with(path=parsed.path.rstrip("/") + "/chat/completions")


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


class NearOnly(httpx.AsyncBaseTransport):
    """Connects to nothing but this machine and private networks.

    The name is looked up for each request, every address it has is checked, and the connection goes to the address that
    was checked: a name that points elsewhere a moment later (DNS rebinding) changes nothing.
    """

    def __init__(self, inner: httpx.AsyncBaseTransport, look_up: Resolve = resolve) -> None:
        self._inner = inner
        self._look_up = look_up

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send the request to a checked address. Raises WriterError where there is none, httpx.ConnectError."""
        host = request.url.host
        port = request.url.port or (443 if request.url.scheme == "https" else 80)
        try:
            addresses = await self._look_up(host, port)
        except OSError:
            raise httpx.ConnectError("the name is not known", request=request) from None
        if not addresses or not all(is_near(a) for a in addresses):
            raise WriterError(f"the language model's server {ELSEWHERE}", wait_s=NEVER_S)
        there = request.url.copy_with(host=addresses[0])
        pinned = httpx.Request(
            request.method,
            there,
            headers=request.headers,  # "host" among them: the name that was asked for
            stream=request.stream,
            extensions={**request.extensions, "sni_hostname": host},
        )
        return await self._inner.handle_async_request(pinned)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._inner.aclose()


NEVER_S = 3600.0
"""What does not mend itself is asked again after so long: somebody may have mended it."""
