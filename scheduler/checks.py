"""Says in a sentence what is wrong with the settings, before anything starts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from importlib.util import find_spec
from ipaddress import ip_network
from typing import Any
from zoneinfo import available_timezones

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register

from notices.speak import speak
from posts import sealing


def register_all() -> None:
    for check in (lengths_of_time, database, broker, addresses, link_checks, media, zones, credential_keys):
        register(check)


def lengths_of_time(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    found: list[CheckMessage] = []
    if settings.SEND_DEADLINE < 1:
        found.append(
            Error("REFRAIN_SEND_DEADLINE is the time for one request, in seconds: at least 1.", id="refrain.E001")
        )
    if settings.TICK < 0.1:
        found.append(Error("REFRAIN_TICK is the time between two ticks, in seconds: at least 0.1.", id="refrain.E002"))
    if settings.BATCH < 1 or settings.SENDERS < 1:
        found.append(Error("REFRAIN_BATCH and REFRAIN_SENDERS must each be at least 1.", id="refrain.E003"))
    if settings.DEAF_AFTER < 1:
        said = "REFRAIN_DEAF_AFTER is how long a worker may answer nothing, in seconds: at least 1."
        found.append(Error(said, id="refrain.E008"))
    return found


def database(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    engine = settings.DATABASES["default"]["ENGINE"]
    if engine.endswith(("sqlite3", "postgresql")):
        return []
    said = "REFRAIN_DATABASE_URL must begin with postgres:// or sqlite:/// : nothing else is tested."
    return [Error(said, id="refrain.E004")]


def broker(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    sqlite = settings.DATABASES["default"]["ENGINE"].endswith("sqlite3")
    if settings.REDIS_URL and not settings.REDIS_URL.startswith(("redis://", "rediss://", "unix://")):
        return [Error("REFRAIN_REDIS_URL must begin with redis://, rediss:// or unix://.", id="refrain.E005")]
    if settings.REDIS_URL and sqlite:
        said = "SQLite is made for one process. With REFRAIN_REDIS_URL set, set REFRAIN_DATABASE_URL to PostgreSQL too."
        return [Warning(said, id="refrain.W001")]
    return []


def addresses(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    wrong = [
        name
        for name, value in (("REFRAIN_URL", settings.PUBLIC_URL), ("REFRAIN_SANDBOX_URL", settings.SANDBOX_URL))
        if not value.startswith(("http://", "https://"))
    ]
    if settings.PING_URL and not settings.PING_URL.startswith(("http://", "https://")):
        wrong.append("REFRAIN_PING_URL")
    if not all(url.startswith(("http://", "https://", "ws://", "wss://")) for url in settings.NETWORK_URLS.values()):
        wrong.append("Each address in REFRAIN_NETWORK_URLS")
    return [Error(f"{name} must begin with http:// or https://.", id="refrain.E006") for name in wrong]


def link_checks(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    found: list[CheckMessage] = []
    for name in ("LINKS_MAY_REACH", "NETWORKS_MAY_REACH"):
        if wrong := [block for block in getattr(settings, name) if not _is_block(block)]:
            said = f"REFRAIN_{name} holds {wrong[0]!r}: write blocks of addresses such as 10.1.0.0/16."
            found.append(Error(said, id="refrain.E008"))
    if settings.LINKS_PACE < 0:
        found.append(Error("REFRAIN_LINKS_PACE is a time in seconds: at least 0.", id="refrain.E009"))
    return found


def media(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    found: list[CheckMessage] = []
    if settings.MEDIA and not re.match(r"s3://[^/@]+:[^/@]+@[^/@]+/[^/?]+", settings.MEDIA):
        said = "REFRAIN_MEDIA must be written s3://KEY:SECRET@HOST/BUCKET, with ?region=… where the host needs one."
        found.append(Error(said, id="refrain.E010"))
    if settings.MEDIA and find_spec("storages") is None:
        said = "REFRAIN_MEDIA names a bucket: install what speaks to it, pip install 'django-storages[s3]'."
        found.append(Error(said, id="refrain.E011"))
    if settings.MEDIA_QUOTA < 1 or settings.MEDIA_LARGEST < 1:
        said = "REFRAIN_MEDIA_QUOTA and REFRAIN_MEDIA_LARGEST are megabytes: at least 1."
        found.append(Error(said, id="refrain.E012"))
    return found


def _is_block(text: str) -> bool:
    try:
        return bool(ip_network(text))
    except ValueError:
        return False


def zones(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    if "Europe/Paris" in available_timezones():
        return []
    return [Error("The time zone data is missing: install the package tzdata.", id="refrain.E007")]


def credential_keys(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """A warning: channels without credentials go on, the posts of the others wait, and nothing restarts in circles."""
    wrong = sealing.trouble()
    return [Warning(f"{speak(wrong)} See REFRAIN_CREDENTIAL_KEYS.", id="refrain.W002")] if wrong else []
