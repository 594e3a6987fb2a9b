"""Says how alike the posts of each pair are: one JSON object a line in, one a line out, no database."""

from __future__ import annotations

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext

from guards.likeness import similarity, worth_a_look
from guards.prepared import prepared

UNREADABLE = 2


class Command(BaseCommand):
    help = (
        'Read lines like {"id": 1, "a": "one text", "b": "another"} and answer each with its similarity, from 0 to 1, '
        "and whether the two are a duplicate or close enough for a person to look. Exit status 2: a line is unreadable."
    )
    requires_system_checks = ()

    def handle(self, **options: Any) -> None:
        unreadable = False
        for number, line in enumerate(sys.stdin.buffer, 1):
            if not line.strip():
                continue
            answer = _answer(line)
            if answer is None:
                unreadable = True
                self.stderr.write(_needed(number))
            else:
                self.stdout.write(json.dumps(answer, ensure_ascii=True))
        if unreadable:
            sys.exit(UNREADABLE)


def _answer(line: bytes) -> dict[str, Any] | None:
    try:
        pair = json.loads(line)
    except (ValueError, RecursionError):
        return None
    if not isinstance(pair, dict) or "id" not in pair:
        return None
    texts = [pair.get("a"), pair.get("b")]
    if not all(isinstance(text, str) for text in texts):
        return None
    one, other = map(prepared, texts)
    return {
        "id": pair["id"],
        "similarity": round(similarity(one, other), 3),
        "duplicate": worth_a_look(one, other),
    }


def _needed(number: int) -> str:
    return gettext("Line {number} is no JSON object with “id” and the two texts “a” and “b”.").format(number=number)
