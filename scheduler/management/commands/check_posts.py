"""Lints a file of posts, such as another tool's export, with the guards: no server, no account, no database."""

from __future__ import annotations

import os
import sys
import unicodedata
from argparse import ArgumentParser
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from django.core.management.base import BaseCommand
from django.utils import timezone, translation
from django.utils.translation import gettext, ngettext, pgettext_lazy

from guards.base import Finding, Repeat
from notices.sentences import Sentence
from notices.speak import speak
from posts import csv_import
from posts.csv_bytes import LARGEST, Unreadable, too_large
from posts.csv_dates import Unclear, written
from posts.models import Channel
from posts.networks import NETWORKS
from scheduler.import_lines import Choices, judge_lines
from scheduler.models import Import, ImportLine
from teams.models import Workspace

BLOCKED, UNREADABLE = 1, 2
# Each fate's word as it is printed, and the style that Django's terminal palette gives it.
FACES = {
    "ready": (pgettext_lazy("one line", "passes"), "SUCCESS"),
    "held": (pgettext_lazy("one line", "held"), "WARNING"),
    "refused": (pgettext_lazy("one line", "blocked"), "ERROR"),
}


class Command(BaseCommand):
    help = "Check a CSV file of posts with the guards. Exit status 1: something would be blocked; 2: unreadable."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--lang", choices=["en", "fr"], help="of the report, and of posts that do not name theirs")
        parser.add_argument("--channel", choices=sorted(NETWORKS), action="append", help="a network; may be repeated")
        parser.add_argument("--start", help="send all from this day on, one an hour, whatever dates the file holds")
        parser.add_argument("--zone", choices=sorted(available_timezones()), metavar="ZONE", default="UTC")
        parser.add_argument("--every", type=int, help="repeat all that name no rule of their own, every so many…")
        parser.add_argument("--unit", choices=["day", "week", "month"], default="day")
        parser.add_argument("--repeats", type=int, help="…at most so many times")

    def handle(self, **options: Any) -> None:
        language = options["lang"] or ("fr" if os.environ.get("LANG", "").startswith("fr") else "en")
        zone = ZoneInfo(options["zone"])
        with translation.override(language), timezone.override(zone):
            try:
                lines = _judged(options, language, timezone.now())
            except (Unreadable, Unclear) as refused:
                self._stop(speak(refused.sentence))
            except OSError as error:
                self._stop(gettext("{file} cannot be opened: {why}").format(file=options["file"], why=error.strerror))
            for line in lines:
                self._print(line)
            self.stdout.write(_summary(lines))
        if any(line.fate == "refused" for line in lines):
            sys.exit(BLOCKED)

    def _stop(self, sentence: str) -> None:
        self.stderr.write(sentence)
        sys.exit(UNREADABLE)

    def _print(self, line: ImportLine) -> None:
        word, style = FACES[line.fate]
        words = _shown(" ".join(line.text.split()))
        first = words if len(words) <= 60 else words[:59] + "…"
        painted = getattr(self.style, style)(f"{word!s:<8}")
        self.stdout.write(f"{line.number:>5}  {painted}  {first}")
        for told in _told(line):
            self.stdout.write(f"{'':17}{_shown(told)}")


def _judged(options: dict[str, Any], language: str, now: datetime) -> list[ImportLine]:
    sheet = csv_import.read(_bytes(options["file"]))
    workspace = Workspace(name="", slug="", timezone=options["zone"], language=language)
    networks = options["channel"] or ["sandbox"]
    channels = [
        Channel(pk=-place, workspace=workspace, network=network, handle=network, name=NETWORKS[network].name)
        for place, network in enumerate(networks, 1)
    ]
    batch = Import(workspace=workspace, day_first=sheet.day_first, choices=_choices(options, channels, now).as_json())
    lines = [_line(batch, line, anew=bool(options["start"])) for line in sheet.lines]
    judge_lines(batch, lines, now, channels)
    return lines


def _bytes(file: Path) -> bytes:
    if (size := file.stat().st_size) > LARGEST:
        raise Unreadable(too_large(size))
    return file.read_bytes()


def _choices(options: dict[str, Any], channels: list[Channel], now: datetime) -> Choices:
    tomorrow = datetime.combine(timezone.localdate(now) + timedelta(days=1), time(9))
    start = written(options["start"], day_first=None) if options["start"] else None
    first_at = tomorrow if start is None else start.at.replace(tzinfo=None)
    if start and not start.timed:
        first_at = first_at.replace(hour=9)
    repeat = Repeat(options["every"], options["unit"], options["repeats"]) if options["every"] else None
    return Choices(tuple(channel.pk for channel in channels), first_at=first_at, spacing_unit="hour", repeat=repeat)


def _line(batch: Import, line: csv_import.Line, *, anew: bool) -> ImportLine:
    """The channels that a file names are those of another tool; here every line is judged on the ones asked for."""
    left_out = {"channels", "date", "time"} if anew else {"channels"}
    cells = {field: cell for field, cell in line.cells.items() if field not in left_out}
    problem = line.problem.as_json() if line.problem else None
    return ImportLine(batch=batch, number=line.number, cells=cells, problem=problem)


def _shown(text: str) -> str:
    """A text is a stranger's: its control characters could repaint the terminal."""
    return "".join("·" if unicodedata.category(sign) == "Cc" else sign for sign in text)


def _told(line: ImportLine) -> list[str]:
    """What is to be said of a line, each with the fix that goes with it."""
    told = [speak(Sentence.from_json(kept)) for kept in line.problems]
    for kept in line.findings:
        finding = Finding.from_json(kept)
        told.append(speak(finding.message))
        told += [gettext("Fix: {fix}").format(fix=speak(fix.label)) for fix in finding.fixes[:1]]
    return told + [speak(Sentence.from_json(kept)) for kept in line.notes]


def _summary(lines: list[ImportLine]) -> str:
    count = {fate: sum(line.fate == fate for line in lines) for fate in FACES}
    ready, held, blocked = count["ready"], count["held"], count["refused"]
    return " ".join(
        (
            ngettext("{count} post can go out,", "{count} posts can go out,", ready).format(count=ready),
            ngettext("{count} would be held,", "{count} would be held,", held).format(count=held),
            ngettext("{count} is blocked.", "{count} are blocked.", blocked).format(count=blocked),
        )
    )
