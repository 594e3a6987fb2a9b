"""`manage.py up` as a person meets it: one command, one line, one Ctrl-C, and nothing lost or doubled."""

from __future__ import annotations

import os
import signal
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.request import urlopen

import pytest

import dev

pytestmark = pytest.mark.timeout(180)
ENDS_WITHIN = 30.0  # seconds: ten for running work, the rest for a machine that is busy with other tests
READY = "Refrain is running"


class Home:
    """A data folder and ports of its own, and the processes that were started there."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.port, self.sandbox_port = _free_ports()
        self.started: list[subprocess.Popen[str]] = []

    def up(self, *arguments: str, **environment: str) -> subprocess.Popen[str]:
        plain = {name: value for name, value in os.environ.items() if not name.startswith("REFRAIN_")}
        own = {
            "REFRAIN_DATA": str(self.data),
            "REFRAIN_PORT": str(self.port),
            "REFRAIN_SANDBOX_URL": f"http://127.0.0.1:{self.sandbox_port}",
        }
        command = [sys.executable, "manage.py", "up", *arguments]
        process = subprocess.Popen(
            command, cwd=dev.ROOT, env=plain | own | environment, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        self.started.append(process)
        return process

    def running(self, *arguments: str) -> tuple[subprocess.Popen[str], str]:
        """The process once it has said so, and all that it said until then."""
        process = self.up(*arguments)
        assert process.stdout
        said = ""
        for line in process.stdout:
            said += line
            if READY in line:
                return process, said
        raise AssertionError(f"It ended before it ran: {said}")

    def published(self) -> set[tuple[str, str]]:
        return self._rows("refrain", "SELECT id, remote_id FROM scheduler_publication WHERE state = 'published'")

    def booked(self) -> list[str]:
        return [text for (text,) in self._rows_in_order("sandbox", "SELECT reference FROM posts ORDER BY id")]

    def count(self, table: str) -> int:
        return int(self._rows_in_order("refrain", f"SELECT count(*) FROM {table}")[0][0])

    def _rows(self, database: str, query: str) -> set[tuple[str, str]]:
        return {(str(one), str(other)) for one, other in self._rows_in_order(database, query)}

    def _rows_in_order(self, database: str, query: str) -> list[tuple[str, ...]]:
        with closing(sqlite3.connect(self.data / f"{database}.sqlite3", timeout=20)) as connection:
            return connection.execute(query).fetchall()


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    made = Home(tmp_path / "data")
    yield made
    for process in made.started:
        process.kill()
        process.wait()
        if process.stdout:
            process.stdout.close()


def test_one_line_says_where_to_go_and_the_link_leads_in(home: Home) -> None:
    _, said = home.running()
    assert said.count("\n") == 1, "anything else is noise"
    link = said.split("Open ")[1].split()[0]
    with urlopen(link) as page:
        assert page.status == 200
        assert page.url.startswith(f"http://127.0.0.1:{home.port}/")


def test_ctrl_c_ends_it_cleanly_and_starting_again_loses_and_doubles_nothing(home: Home) -> None:
    process, _ = home.running()
    process.send_signal(signal.SIGINT)
    said, _ = process.communicate(timeout=ENDS_WITHIN)
    assert (process.returncode, said.splitlines()[-1]) == (0, "Stopped.")
    before = home.published()
    assert len(before) > 40
    home.running()
    assert before <= home.published()
    assert (home.count("teams_workspace"), home.count("posts_post")) == (1, 40)
    assert len(home.booked()) == len(set(home.booked()))


def test_a_kill_loses_and_doubles_nothing_either(home: Home) -> None:
    process, _ = home.running()
    process.kill()
    process.communicate()
    before, booked = home.published(), home.booked()
    home.running()
    assert before <= home.published()
    assert home.booked()[: len(booked)] == booked
    assert len(home.booked()) == len(set(home.booked()))


def test_a_second_one_on_the_same_data_refuses(home: Home) -> None:
    home.running("--no-demo")
    second = home.up("--no-demo", REFRAIN_PORT=str(_free_ports()[0]))
    said, _ = second.communicate()
    assert second.returncode == 1
    assert said == f"CommandError: Refrain is running already with the data in {home.data}.\n"


def test_a_port_that_is_taken_is_named_before_anything_is_written(home: Home) -> None:
    with socket.create_server(("127.0.0.1", home.port)):
        process = home.up()
        said, _ = process.communicate()
    assert process.returncode == 1
    assert said.startswith(f"CommandError: Cannot listen on port {home.port}: ")
    assert not (home.data / "refrain.sqlite3").exists()


def test_a_data_folder_that_cannot_be_written_into_is_named(home: Home) -> None:
    home.data.touch()
    process = home.up()
    said, _ = process.communicate()
    assert process.returncode == 1
    assert said == (f"Cannot write into the data folder {home.data}: Not a directory. REFRAIN_DATA names another.\n")


def test_without_the_demo_it_starts_empty(home: Home) -> None:
    _, said = home.running("--no-demo")
    assert f"Open http://127.0.0.1:{home.port}/ " in said
    assert home.count("teams_user") == 0


def _free_ports() -> tuple[int, int]:
    with socket.create_server(("127.0.0.1", 0)) as one, socket.create_server(("127.0.0.1", 0)) as other:
        return one.getsockname()[1], other.getsockname()[1]
