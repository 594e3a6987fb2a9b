"""Which addresses a request may go to: the public ones, and what an administrator has allowed by name."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

import httpcore2

Address = IPv4Address | IPv6Address
Block = IPv4Network | IPv6Network

PORTS = frozenset({80, 443, 8080, 8443})  # where web pages are; not mail, not databases
MOST_ADDRESSES = 32  # of one name; more are no web site's

# What `is_global` of Python 3.11 lets through and nobody outside may be led to: protocol assignments and Oracle's
# classic metadata (192.0.0.192), 6to4 relays, Azure's wire server, the benchmark range, multicast.
_NEVER = tuple(
    ip_network(block)
    for block in (
        "0.0.0.0/8", "100.64.0.0/10", "168.63.129.16/32", "192.0.0.0/24", "192.88.99.0/24", "198.18.0.0/15",
        "224.0.0.0/3",
    )
)  # fmt: skip
# Of IPv6 only what is given out to networks, without what holds an IPv4 address inside (Teredo, 6to4) or nothing
# (documentation, benchmarks, identifiers). NAT64, site-local and link-local lie outside it.
_GIVEN_OUT = ip_network("2000::/3")
_NOT_GIVEN_OUT = tuple(ip_network(block) for block in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"))


class Forbidden(httpcore2.ConnectError):
    """The name leads to an address, or a port, that nobody outside may make us call."""


class Anywhere:
    """For addresses that an administrator wrote into the settings: nothing is refused."""

    def must_allow(self, host: str, addresses: Sequence[str], port: int) -> None:
        """Raises Forbidden before anything is connected."""


class Public(Anywhere):
    """For addresses that anybody may have written: all that a name leads to must be public, or none is called."""

    def __init__(self, allowed: Iterable[str] = ()) -> None:
        self._allowed = tuple(ip_network(block) for block in allowed)

    def must_allow(self, host: str, addresses: Sequence[str], port: int) -> None:
        if len(addresses) > MOST_ADDRESSES:
            raise Forbidden(f"{host} has too many addresses")
        if not all(self._may_reach(ip_address(address.partition("%")[0]), port) for address in addresses):
            raise Forbidden(f"{host} is not a public web site")

    def _may_reach(self, address: Address, port: int) -> bool:
        plain = _unwrapped(address)
        return _in(plain, self._allowed) or (is_public(plain) and port in PORTS)


def is_public(address: Address) -> bool:
    plain = _unwrapped(address)
    if isinstance(plain, IPv4Address):
        return plain.is_global and not _in(plain, _NEVER)
    return plain.is_global and plain in _GIVEN_OUT and not _in(plain, _NOT_GIVEN_OUT)


def _unwrapped(address: Address) -> Address:
    """An IPv4 address that is written as an IPv6 one is judged as what it is."""
    return getattr(address, "ipv4_mapped", None) or address


def _in(address: Address, blocks: Iterable[Block]) -> bool:
    return any(address.version == block.version and address in block for block in blocks)
