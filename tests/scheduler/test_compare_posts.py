"""Pairs of posts come in by line and are answered by line, without a database."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
Ran = subprocess.CompletedProcess[bytes]
TEXT = "Five ways to write a headline that people want to read"


@pytest.fixture
def compare(tmp_path: Path) -> Callable[[bytes], Ran]:
    def compare(lines: bytes) -> Ran:
        # Nothing listens at this address: whoever asks the database fails.
        database = "postgres://nobody@127.0.0.1:1/none"
        surroundings = os.environ | {"REFRAIN_DATABASE_URL": database, "REFRAIN_DATA": str(tmp_path)}
        command = [sys.executable, str(ROOT / "manage.py"), "compare_posts"]
        return subprocess.run(command, input=lines, env=surroundings, capture_output=True, check=False)

    return compare


def test_each_pair_is_answered_in_its_turn(compare: Callable[[bytes], Ran]) -> None:
    ran = compare(_line("one", TEXT, f"{TEXT} 🎉") + b"\n" + _line(2, TEXT, "We are closed on Monday"))
    assert (ran.returncode, ran.stderr) == (0, b"")
    same, different = map(json.loads, ran.stdout.splitlines())
    assert same == {"id": "one", "similarity": 1.0, "duplicate": True}
    assert different["id"] == 2
    assert 0 <= different["similarity"] < 0.3
    assert different["duplicate"] is False


def test_bad_lines_are_named_and_the_others_answered(compare: Callable[[bytes], Ran]) -> None:
    bad = [b"{", b"[1]", b'{"id": 1, "a": "only one"}', b'{"id": 1, "a": 2, "b": 3}', b"\xff\xfe", b"[" * 100_000]
    ran = compare(b"".join(line + b"\n" for line in bad) + _line(7, TEXT, TEXT) + _line(8, "\ud800", ""))
    assert ran.returncode == 2
    assert [json.loads(line)["id"] for line in ran.stdout.splitlines()] == [7, 8]
    said = ran.stderr.decode().splitlines()
    assert said[0] == "Line 1 is no JSON object with “id” and the two texts “a” and “b”."
    assert len(said) == len(bad)


def test_nothing_in_nothing_out(compare: Callable[[bytes], Ran]) -> None:
    ran = compare(b"")
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, b"", b"")


def _line(name: object, one: str, other: str) -> bytes:
    return json.dumps({"id": name, "a": one, "b": other}).encode() + b"\n"
