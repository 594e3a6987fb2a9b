"""Visiting links side by side, one host at a time each; no database, so that it can run in threads."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from time import monotonic
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

from posts.links import page
from posts.links.health import Health, Look, Sign, seen
from posts.networks.visit import NoPage, Page, Trouble, Visitor

log = logging.getLogger(__name__)

LANES = 8
ROUND = 30.0  # seconds after which no visit is begun; what is left waits for the next round

Wanted = Mapping[int, tuple[str, Health]]


def look_at(wanted: Wanted, visitor: Visitor) -> dict[int, Look]:
    """By number, what was seen of each link; those that no time was left for are missing."""
    lanes: defaultdict[str, list[int]] = defaultdict(list)
    for number, (url, _) in wanted.items():
        lanes[urlsplit(url).hostname or ""].append(number)
    ends = monotonic() + ROUND
    with ThreadPoolExecutor(LANES, thread_name_prefix="links") as pool:
        runs = pool.map(lambda lane: _run_lane(lane, wanted, visitor, ends), lanes.values())
        return {number: look for run in runs for number, look in run.items()}


def any_answers(urls: Iterable[str], visitor: Visitor) -> bool:
    """Whether one of these pages, which are always there, answers at all."""
    return any(isinstance(_visit(url, visitor), Page) for url in urls)


def _run_lane(lane: Sequence[int], wanted: Wanted, visitor: Visitor, ends: float) -> dict[int, Look]:
    looks = {}
    for number in lane:
        if monotonic() > ends:
            break
        try:
            looks[number] = look_once(*wanted[number], visitor)
        except Exception:
            log.exception("a link could not be judged")
            looks[number] = Look(Sign.NOT_FOR_US)
    return looks


def look_once(url: str, health: Health, visitor: Visitor) -> Look:
    """One link; a page whose title is new is also compared with a page that cannot exist."""
    answer = _visit(url, visitor)
    look = seen(url, answer, health)
    if isinstance(answer, Page) and look.sign is Sign.FINE and page.is_deep(answer.url) and look.title != health.title:
        other = _visit(_sibling(answer.url), visitor)
        if isinstance(other, Page) and other.status < 300 and page.same_page(answer.text, other.text):
            return Look(Sign.LIKE_ANY_OTHER, look.landed, look.title)
    return look


def _visit(url: str, visitor: Visitor) -> Page | Trouble:
    try:
        return visitor.visit(url)
    except NoPage as error:
        return error.trouble


def _sibling(url: str) -> str:
    """A page beside this one that nobody has written."""
    parts = urlsplit(url)
    folder = parts.path.rstrip("/").rpartition("/")[0]
    return urlunsplit((parts.scheme, parts.netloc, f"{folder}/{uuid4().hex[:20]}", "", ""))
