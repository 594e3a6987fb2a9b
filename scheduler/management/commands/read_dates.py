"""Reads the dates in posts, one JSON object a line, so that the date engine can be measured from outside."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.core.management.base import BaseCommand

from guards.dates.reading import Reading, read

UNREADABLE = 2


class Command(BaseCommand):
    help = (
        "Read posts from the standard input, one JSON object a line with id, text, lang and anchor_date (the day of "
        "the first publication, as 2026-12-31), and say for each until when its words read right: stale_after is the "
        "last such day, or null when nothing in it goes out of date. answer is what the guard dated_text says on the "
        "day after that: expired, or probably where it would ask; fine when there is no such day. spans are the "
        "places in the text with their roles. Lines that cannot be read are named on the standard error, the others "
        "are still answered; the exit status is then 2."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.usage = "manage.py read_dates < posts.jsonl"

    def handle(self, **options: Any) -> None:
        wrong = 0
        for number, line in enumerate(_lines(), 1):
            if not line.strip():
                continue
            try:
                answer = _answered(json.loads(line))
            except _Unreadable as why:
                wrong += 1
                self.stderr.write(f"Line {number}: {why}")
            except (ValueError, RecursionError):
                wrong += 1
                self.stderr.write(f"Line {number}: this is not JSON.")
            else:
                self.stdout.write(json.dumps(answer))
        if wrong:
            sys.exit(UNREADABLE)


class _Unreadable(Exception):
    """A line of JSON that does not say what is needed; the message is a sentence."""


def _lines() -> Iterable[str]:
    """UTF-8 whatever the terminal speaks; a broken sign becomes � and the line is still read."""
    return (line.decode("utf-8", "replace") for line in sys.stdin.buffer)


def _answered(post: Any) -> dict[str, Any]:
    if not isinstance(post, dict):
        raise _Unreadable("write an object with id, text, lang and anchor_date.")
    reading = read(_text(post, "text"), _text(post, "lang"), _day(post))
    return {
        "id": post.get("id"),
        "stale_after": reading.stale_after and reading.stale_after.isoformat(),
        "answer": _answer(reading),
        "spans": [[span.start, span.end, span.role.value] for span in reading.spans],
    }


def _answer(reading: Reading) -> str:
    last = reading.stale_after
    return "fine" if last is None else reading.answer_on(last + timedelta(days=1))


def _text(post: dict[str, Any], name: str) -> str:
    if not isinstance(post.get(name), str):
        raise _Unreadable(f"{name} is missing, or is not a text.")
    text: str = post[name]
    return text


def _day(post: dict[str, Any]) -> date:
    written = _text(post, "anchor_date")
    try:
        return date.fromisoformat(written)
    except ValueError:
        raise _Unreadable(f"anchor_date is “{written}”, not a day such as 2026-12-31.") from None
