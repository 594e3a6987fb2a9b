"""The demo as it is told in posts.toml, with every time counted from the moment of seeding."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import override

from scheduler.recurrence import at_wall_clock

PLACE = Path(__file__).with_name("posts.toml")
LEAD = timedelta(days=2, hours=3)  # a post is written this long before it first goes out
LOOKED_AT = timedelta(days=25)  # whatever is older was looked at again about then
DAY_IN_TEXT = re.compile(r"\{([+-]\d+)d\}")


@dataclass(frozen=True)
class Stopped:
    """Who ended the series before its time, and whether the content is retired with it."""

    by: str
    at: datetime
    retired: bool


@dataclass(frozen=True)
class Telling:
    """One post of the demo. Times are aware; `likes` is what its first publication earned, `trend` what of it stays."""

    text: str
    language: str
    category: str | None
    channels: tuple[str, ...]
    author: str
    written: datetime
    starts_at: datetime | None
    expires_at: datetime | None
    repeat: Mapping[str, Any] | None
    variations: tuple[str, ...]
    reviewed_at: datetime
    imported: bool
    likes: int
    trend: float
    skipped: frozenset[int]
    overridden: str
    stopped: Stopped | None
    queue: str = ""
    thread: tuple[str, ...] = ()
    pictures: tuple[Mapping[str, str], ...] = ()  # `motif` and `alt`

    def looked_at(self, at: datetime) -> datetime:
        """When a person had last looked at it by then."""
        return self.reviewed_at if at >= self.reviewed_at else self.written


@dataclass(frozen=True)
class Story:
    zone: str
    categories: Mapping[str, str]
    channels: Mapping[str, Mapping[str, str]]
    retired: list[str]
    blackout: date
    posts: list[Telling]
    slots: list[Mapping[str, Any]]  # channel, weekdays, at and perhaps a category


def tell(now: datetime) -> Story:
    told = tomllib.loads(PLACE.read_text(encoding="utf-8"))
    clock = _Clock(now, ZoneInfo(told["timezone"]))
    posts = [_telling(post, clock, place) for place, post in enumerate(told["posts"])]
    return Story(
        zone=told["timezone"],
        categories=told["categories"],
        channels=told["channels"],
        retired=told["retired"],
        blackout=clock.day(told["blackout"]),
        posts=sorted(posts, key=lambda post: post.written),
        slots=told["slots"],
    )


@dataclass(frozen=True)
class _Clock:
    """Reads "+20s", "-9d 09:30", "+12d" and "2016-12-31" as counted from `now`."""

    now: datetime
    zone: ZoneInfo

    def at(self, told: str) -> datetime:
        if told.endswith("s"):
            return self.now + timedelta(seconds=int(told[:-1]))
        day, _, clock = told.partition(" ")
        return at_wall_clock(datetime.combine(self.day(day), time.fromisoformat(clock or "23:59")), self.zone)

    def day(self, told: str) -> date:
        if told.endswith("d"):
            return self.now.astimezone(self.zone).date() + timedelta(days=int(told[:-1]))
        return date.fromisoformat(told)

    def earlier(self, due: datetime, days: int) -> datetime:
        """The same wall clock so many days before."""
        return at_wall_clock(due.astimezone(self.zone).replace(tzinfo=None) - timedelta(days=days), self.zone)


def _telling(told: dict[str, Any], clock: _Clock, place: int) -> Telling:
    repeat = _repeat(told.get("repeat"))
    starts_at = _start(told, clock, repeat)
    imported = "imported_from" in told
    written = clock.now - timedelta(days=1) if imported else min(starts_at or clock.now, clock.now) - LEAD
    written -= timedelta(minutes=7 * place)
    return Telling(
        text=DAY_IN_TEXT.sub(lambda found: _named_day(clock.day(f"{found[1]}d"), told["language"]), told["text"]),
        language=told["language"],
        category=told.get("category"),
        channels=tuple(told["channels"]),
        author=told.get("author", "marie"),
        written=written,
        starts_at=written if "queue" in told else starts_at,
        expires_at=clock.at(told["expires"]) if "expires" in told else None,
        repeat=repeat,
        variations=tuple(told.get("variations", ())),
        reviewed_at=_reviewed(told, clock, written, place),
        imported=imported,
        likes=told.get("likes", 20),
        trend=told.get("trend", 0.97),
        skipped=frozenset(told.get("skipped", ())),
        overridden=told.get("overridden", ""),
        stopped=_stopped(told.get("stopped"), clock),
        queue=told.get("queue", ""),
        thread=tuple(told.get("thread", ())),
        pictures=tuple(told.get("pictures", ())),
    )


def _repeat(told: dict[str, Any] | None) -> dict[str, Any] | None:
    if told is None:
        return None
    end = date.fromisoformat(told["end_date"]) if "end_date" in told else None
    return {"interval": told["interval"], "unit": told.get("unit", "day"), "end_date": end} | {
        "max_repeats": told.get("max_repeats")
    }


def _start(told: dict[str, Any], clock: _Clock, repeat: dict[str, Any] | None) -> datetime | None:
    """The first publication, from the one that the story names."""
    if "due" not in told:
        return None
    due = clock.at(told["due"])
    if repeat is None:
        return due
    step = repeat["interval"] * (7 if repeat["unit"] == "week" else 1)
    number = told.get("number", 0)
    if "imported_from" in told:
        number = (clock.day("+0d") - date(told["imported_from"], 1, 2)).days // step
    return clock.earlier(due, number * step)


def _reviewed(told: dict[str, Any], clock: _Clock, written: datetime, place: int) -> datetime:
    if "reviewed" in told:
        return clock.now - timedelta(days=told["reviewed"])
    looked_at = clock.now - LOOKED_AT - timedelta(hours=11 * place)
    return looked_at if written < looked_at - timedelta(days=14) else written


def _stopped(told: dict[str, Any] | None, clock: _Clock) -> Stopped | None:
    if told is None:
        return None
    return Stopped(told["by"], clock.now - timedelta(days=told["days"]), told.get("retired", False))


def _named_day(day: date, language: str) -> str:
    with override(language):
        return date_format(day, "j F")


def texts() -> Iterator[str]:
    """Every wording of the demo, for whoever wants to look at them."""
    for post in tell(datetime(2026, 1, 1, tzinfo=UTC)).posts:
        yield from (post.text, *post.variations)
