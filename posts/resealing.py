"""Encrypting everything that is sealed anew, after the key was changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from posts.models import Channel, NetworkApp
from posts.sealing import Unopened, is_current, seal, unseal


@dataclass(frozen=True)
class Resealed:
    changed: int
    current: int  # were under the first key already
    shut: int  # no key here opens them


def reseal() -> Resealed:
    """While everything runs: what was refreshed in between is under the first key already. Raises Unopened."""
    counts = {"changed": 0, "current": 0, "shut": 0}
    for row in _sealed():
        counts[_reseal_one(row)] += 1
    return Resealed(**counts)


def _sealed() -> Iterator[Channel | NetworkApp]:
    yield from Channel.objects.exclude(sealed="").iterator(200)
    yield from NetworkApp.objects.exclude(sealed="").iterator(200)


def _reseal_one(row: Channel | NetworkApp) -> str:
    before = row.sealed
    if is_current(before):
        return "current"
    try:
        after = seal(unseal(before, row.place), row.place)
    except Unopened:
        return "shut"
    same = type(row)._default_manager.filter(pk=row.pk, sealed=before)
    return "changed" if same.update(sealed=after) else "current"
