"""The date engine on the command line: one answer a line, no database, and every line that cannot be read is named."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
Ran = subprocess.CompletedProcess[bytes]


@pytest.fixture
def answers(tmp_path: Path) -> Callable[..., Ran]:
    def answers(*lines: str | bytes) -> Ran:
        # Nothing listens at this address: whoever asks the database fails.
        surroundings = os.environ | {"REFRAIN_DATABASE_URL": "postgres://nobody@127.0.0.1:1/none", "LANG": "C"}
        surroundings["REFRAIN_DATA"] = str(tmp_path)
        given = b"\n".join(line.encode() if isinstance(line, str) else line for line in lines)
        command = [sys.executable, str(ROOT / "manage.py"), "read_dates"]
        return subprocess.run(command, env=surroundings, input=given, capture_output=True, check=False)

    return answers


def post(text: str, lang: str = "en", day: str = "2026-11-20", **more: Any) -> str:
    return json.dumps({"id": "one", "text": text, "lang": lang, "anchor_date": day, **more}, ensure_ascii=False)


def said(ran: Ran) -> list[dict[str, Any]]:
    return [json.loads(line) for line in ran.stdout.splitlines()]


def test_each_post_is_answered_in_its_place(answers: Callable[..., Ran]) -> None:
    text = "🎁 Commandez jusqu’au 30 novembre !"
    ran = answers(post(text, "fr"), "", post("Bread and butter.", id=2), post("On vous attend le 15.", "fr"))
    assert (ran.returncode, ran.stderr) == (0, b"")
    first, second, third = said(ran)
    assert (first["id"], first["stale_after"], first["answer"]) == ("one", "2026-11-30", "expired")
    ((start, end, role),) = first["spans"]
    assert (text[start:end], role) == ("30 novembre", "deadline")
    assert second == {"id": 2, "stale_after": None, "answer": "fine", "spans": []}
    assert (third["stale_after"], third["answer"]) == ("2026-12-15", "probably")


def test_a_bad_line_is_named_and_the_others_are_answered(answers: Callable[..., Ran]) -> None:
    ran = answers("{nonsense", post("Bread.", day="soon"), "[1]", '{"id": 3}', b"\xff\xfe", "[" * 9000, post("Bread."))
    assert ran.returncode == 2
    assert len(said(ran)) == 1
    sentences = ran.stderr.decode().splitlines()
    assert [sentence.split(":")[0] for sentence in sentences] == [f"Line {number}" for number in range(1, 7)]
    assert "2026-12-31" in sentences[1]
    assert all(sentence.endswith(".") for sentence in sentences)


def test_nothing_in_is_nothing_out(answers: Callable[..., Ran]) -> None:
    ran = answers()
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, b"", b"")
