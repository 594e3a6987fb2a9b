"""Repeats that share the first post of their series again instead of sending its words, where the network can."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from posts.content import fingerprint
from scheduler.models import Publication
from scheduler.parcels import SHARES
from scheduler.states import State


def pin(going: Sequence[tuple[Publication, str]]) -> None:
    """Put on the rows (not saved here) which post is shared instead of these words; the others keep theirs.

    Only what stands there with the very words and files that the guards have just judged: a text that was changed
    since goes out as it is now. Once an attempt may be under way, nothing is chosen anew.
    """
    wanting = [(row, text) for row, text in going if _wants(row)]
    if not wanting:
        return
    before = _out(row for row, _ in wanting)
    for row, text in wanting:
        same = (fingerprint(text), _files_and_thread(row.along))
        earlier = (one for one in before[row.post_id, row.channel_id] if one.due_at < row.due_at)
        first = next((one for one in earlier if (one.fingerprint, _files_and_thread(one.along)) == same), None)
        if first:
            row.along = {SHARES: first.remote_id}


def _wants(row: Publication) -> bool:
    rule = getattr(row.post, "rule", None)
    chosen = rule is not None and rule.by_sharing and row.number > 0
    return bool(chosen and row.intended_at is None and row.channel.connector.reposts)


def _out(rows: Iterable[Publication]) -> Mapping[tuple[int, int], list[Publication]]:
    """By post and channel, oldest first: what stands on the network and is no share itself."""
    some = list(rows)
    mine = Publication.objects.filter(
        post__in={row.post_id for row in some}, channel__in={row.channel_id for row in some}
    )
    out = mine.filter(state=State.PUBLISHED, taken_down_at=None).exclude(remote_id="")
    found: defaultdict[tuple[int, int], list[Publication]] = defaultdict(list)
    names = ("post", "channel", "due_at", "fingerprint", "along", "remote_id")
    for one in out.only(*names).order_by("due_at", "pk"):
        if SHARES not in (one.along or {}):
            found[one.post_id, one.channel_id].append(one)
    return found


def _files_and_thread(along: dict[str, Any] | None) -> tuple[object, object]:
    told = along or {}
    return told.get("media", []), told.get("rest", [])
