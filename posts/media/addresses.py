"""Public addresses of files, for networks that fetch: signed, for one file as one channel takes it, and for a while."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse

from posts.media.taken import SUFFIXES
from posts.models import Channel, Media
from posts.networks.fit import fit

_SIGNER = "posts.media.addresses"


@dataclass(frozen=True)
class Pass:
    """What a signed address lets anybody fetch."""

    media: int
    channel: int


def public(media: Media, channel: Channel, until: datetime) -> str:
    """Works for whoever has it, and no longer than `until`."""
    told = {"m": media.pk, "c": channel.pk, "u": int(until.timestamp())}
    suffix = SUFFIXES[fit(media.piece, channel.limits.media).mime]
    signed = Signer(salt=_SIGNER).sign_object(told)
    return f"{settings.PUBLIC_URL}{reverse('media_public', args=[signed, suffix[1:]])}"


def read(token: str, now: datetime) -> Pass | None:
    """None: not of our making, or over."""
    try:
        told = Signer(salt=_SIGNER).unsign_object(token)
    except BadSignature:
        return None
    if datetime.fromtimestamp(told["u"], UTC) < now:
        return None
    return Pass(told["m"], told["c"])
