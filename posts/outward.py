"""Where requests may go: public addresses, and what an administrator named in the settings."""

from functools import cache

import httpx2
from django.conf import settings

from posts.networks import client
from posts.networks.reach import Anywhere, Public

TRUSTED = Anywhere()


def reach(url: httpx2.URL) -> Anywhere:
    """A server that stands in the settings is called wherever it is; what people typed, only where it is public."""
    if any(_origin(httpx2.URL(named)) == _origin(url) for named in _named()):
        return TRUSTED
    return _public(tuple(settings.NETWORKS_MAY_REACH))


def ready() -> None:
    client.reach_by(reach)


def _named() -> tuple[str, ...]:
    return (settings.SANDBOX_URL, *settings.NETWORK_URLS.values())


@cache
def _public(allowed: tuple[str, ...]) -> Public:
    return Public(allowed)


def _origin(url: httpx2.URL) -> tuple[str, str, int | None]:
    """A WebSocket is opened at the same place as its http or https address."""
    return url.scheme.replace("ws", "http", 1), url.host, url.port
