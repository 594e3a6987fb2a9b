"""The linter reads an export with the guards alone: no database is touched, and the exit status says the outcome."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
Ran = subprocess.CompletedProcess[str]


@pytest.fixture
def lint(tmp_path: Path) -> Callable[..., Ran]:
    def lint(content: bytes | str, *options: str, lang: str = "C.UTF-8") -> Ran:
        file = tmp_path / "posts.csv"
        file.write_bytes(content.encode() if isinstance(content, str) else content)
        # Nothing listens at this address: whoever asks the database fails.
        database = "postgres://nobody@127.0.0.1:1/none"
        surroundings = os.environ | {"REFRAIN_DATABASE_URL": database, "REFRAIN_DATA": str(tmp_path), "LANG": lang}
        command = [sys.executable, str(ROOT / "manage.py"), "check_posts", str(file), *options]
        return subprocess.run(command, env=surroundings, capture_output=True, text=True, check=False)

    return lint


def test_a_clean_file_passes_without_a_database(lint: Callable[..., Ran]) -> None:
    ran = lint("text\nAnswer comments within the hour.\nAsk a question.\n")
    assert (ran.returncode, ran.stderr) == (0, "")
    assert "    2  passes    Answer comments within the hour." in ran.stdout
    assert ran.stdout.endswith("2 posts can go out, 0 would be held, 0 are blocked.\n")


def test_what_would_be_blocked_is_explained_with_its_fix(lint: Callable[..., Ran]) -> None:
    ran = lint("text,every,repeats\nAnswer comments.,14,99\nAsk a question.,14,5\n", "--channel", "sandbox")
    assert ran.returncode == 1
    assert "blocked" in ran.stdout
    assert "Fix: Every 14 days, at most 12 times" in ran.stdout
    assert "1 post can go out, 0 would be held, 1 is blocked." in ran.stdout


def test_copies_in_one_file_are_held(lint: Callable[..., Ran]) -> None:
    ran = lint("text\nThe same words.\nthe same words\n")
    assert ran.returncode == 0
    assert "1 post can go out, 1 would be held" in ran.stdout


def test_two_networks_do_not_count_as_a_repeat(lint: Callable[..., Ran]) -> None:
    ran = lint("text\nThe same words.\n", "--channel", "sandbox", "--channel", "sandbox_reading")
    assert "1 post can go out, 0 would be held" in ran.stdout


def test_a_rule_for_all_lines_comes_from_the_command(lint: Callable[..., Ran]) -> None:
    ran = lint("text\nThe same words.\n", "--every", "14", "--unit", "day", "--repeats", "99")
    assert ran.returncode == 1


def test_an_old_export_is_refused_line_by_line_unless_it_gets_a_new_start(lint: Callable[..., Ran]) -> None:
    old = "Date,Text\n2019-01-05 09:00,Answer comments within the hour.\n"
    assert "is past" in lint(old).stdout
    assert lint(old, "--start", "2036-01-05").returncode == 1  # more than five years away
    assert lint(old.replace("2019-01-05 09:00", "")).returncode == 0


def test_what_cannot_be_read_is_said_on_the_error_line(lint: Callable[..., Ran]) -> None:
    ran = lint("text\nCafé\n".encode("cp1252"))
    assert (ran.returncode, ran.stdout) == (2, "")
    assert "Windows-1252" in ran.stderr


def test_a_file_that_is_not_there_is_said(lint: Callable[..., Ran], tmp_path: Path) -> None:
    ran = subprocess.run(
        [sys.executable, ROOT / "manage.py", "check_posts", str(tmp_path / "nowhere.csv")],
        env=os.environ | {"REFRAIN_DATA": str(tmp_path)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ran.returncode == 2
    assert "cannot be opened" in ran.stderr


def test_no_colour_goes_into_a_file(lint: Callable[..., Ran]) -> None:
    assert "\x1b[" not in lint("text\nThe same words.\n").stdout


def test_control_characters_never_reach_the_terminal(lint: Callable[..., Ran]) -> None:
    """A text could otherwise repaint the screen of whoever lints it. Seen to fail without `_shown`."""
    assert "\x1b" not in lint("text\n\x1b[2J\x1b[31mPWNED\n").stdout
