"""A restored or copied database does nothing until a person thaws it, and then asks before it sends."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg2
import pytest
from django.conf import settings as configured
from django.db import connection, transaction

import dev
from notices.models import Notice
from notices.speak import speak, speak_kept
from posts.models import Channel
from posts.sandbox.server import Server
from scheduler import claims, instance, publish, settle, witness
from scheduler.models import Instance, Publication
from scheduler.thaw import doubt, thaw
from teams.models import AuditEntry, User, Workspace
from tests.conftest import NOW
from tests.kit import arrivals, only, run, scheduled
from tests.scheduler.restoring import BEFORE, NETWORKS, SINCE, drill

pytestmark = pytest.mark.django_db(transaction=True)

SAFE = {
    "sandbox": {"published": BEFORE + SINCE},
    "sandbox_reading": {"published": BEFORE + SINCE},
    "sandbox_silent": {"published": BEFORE, "unconfirmed": SINCE},
}


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, settings: Any) -> None:
    settings.DATA = tmp_path


class Copies:
    """Copies of the test's own PostgreSQL database, and putting one back in its place."""

    def __init__(self) -> None:
        self.name = connection.settings_dict["NAME"]

    def copy(self) -> None:
        self._clone("a_backup", self.name)

    def restore(self) -> None:
        self._clone(self.name, "a_backup")

    def drop(self) -> None:
        self._do("DROP DATABASE IF EXISTS a_backup")

    def _clone(self, new: str, old: str) -> None:
        connection.close()
        self._do(f'DROP DATABASE IF EXISTS "{new}"', f'CREATE DATABASE "{new}" TEMPLATE "{old}"')

    def _do(self, *orders: str) -> None:
        at = connection.get_connection_params()
        server = psycopg2.connect(**{**at, "dbname": "postgres", "cursor_factory": None})
        server.autocommit = True
        with server.cursor() as cursor:
            for order in orders:
                cursor.execute(order)
        server.close()


@pytest.fixture
def copies(transactional_db: None) -> Iterator[Copies]:
    made = Copies()
    yield made
    made.drop()


def test_an_older_copy_of_postgresql_put_back_doubles_nothing(sandbox: Server, copies: Copies) -> None:
    found = drill(sandbox, copies.copy, copies.restore)
    everywhere = len(NETWORKS)
    assert (found.sent_before, found.sent_since) == (BEFORE * everywhere, SINCE * everywhere)
    assert (found.sent_frozen, found.doubted, found.doubled) == (0, SINCE * everywhere, 0)
    assert found.states == SAFE


def test_without_the_freeze_the_same_drill_doubles(
    sandbox: Server, copies: Copies, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The proof that the drill can see a double at all: the protection is taken out, and the ledger tells."""
    monkeypatch.setattr(instance, "why_frozen", lambda row: None)
    found = drill(sandbox, copies.copy, copies.restore)
    assert found.sent_frozen > 0
    assert found.doubled == 2 * SINCE  # the network that keeps our key is not fooled


def test_an_older_copy_of_sqlite_put_back_doubles_nothing(tmp_path: Path) -> None:
    plain = {name: value for name, value in os.environ.items() if not name.startswith("REFRAIN_")}
    done = subprocess.run(
        [sys.executable, "-m", "tests.scheduler.restoring"],
        cwd=dev.ROOT, env=plain | {"REFRAIN_DATA": str(tmp_path / "data")}, text=True, capture_output=True, check=True,
    )  # fmt: skip
    found = json.loads(done.stdout)
    assert (found["sent_frozen"], found["doubled"]) == (0, 0)
    assert found["sent_since"] == found["doubted"] == SINCE * len(NETWORKS)
    assert found["states"] == SAFE


def test_a_database_restored_elsewhere_is_frozen_there(
    workspace: Workspace, channel: Channel, sandbox: Server, tmp_path: Path, settings: Any
) -> None:
    post = scheduled(workspace, channel, at=NOW)
    instance.current(NOW)
    settings.DATA = tmp_path / "another machine"
    settings.DATA.mkdir()
    assert instance.check(NOW) == instance.FOREIGN
    assert run(NOW) == 0
    assert only(post).state == "scheduled"


def test_machines_that_are_given_one_name_share_a_database(tmp_path: Path, settings: Any) -> None:
    settings.INSTANCE = "atelier"
    instance.current(NOW)
    settings.DATA = tmp_path / "another machine"
    settings.DATA.mkdir()
    assert instance.check(NOW) is None


def test_a_copied_data_folder_is_another_instance(tmp_path: Path, settings: Any) -> None:
    """Seen to fail without the file's number in the name."""
    settings.DATA = tmp_path / "one"
    settings.DATA.mkdir()
    instance.current(NOW)
    shutil.copytree(settings.DATA, tmp_path / "two")
    settings.DATA = tmp_path / "two"
    assert instance.check(NOW) == instance.FOREIGN


def test_a_batch_that_was_claimed_before_the_freeze_does_not_leave(
    workspace: Workspace, channel: Channel, sandbox: Server
) -> None:
    """Seen to fail without `advance` in the intent's transaction."""
    post = scheduled(workspace, channel, at=NOW)
    claim = claims.claim_due(NOW, 10)
    assert claim
    instance.freeze(instance.current(NOW), instance.OLDER, NOW)
    assert publish.publish(claim, NOW) == 0
    assert only(post).state == "claimed"
    assert arrivals(sandbox) == []
    thaw(None, NOW)
    assert only(post).state == "unconfirmed"


def test_the_older_copy_stays_frozen_for_a_machine_that_never_saw_the_newer_one(tmp_path: Path, settings: Any) -> None:
    settings.INSTANCE = "atelier"
    instance.current(NOW)
    witness.note(Instance.objects.get().born, 7)
    assert instance.check(NOW) == instance.OLDER
    settings.DATA = tmp_path / "another machine"
    settings.DATA.mkdir()
    assert instance.check(NOW) == instance.OLDER
    thaw(None, NOW)
    assert instance.check(NOW) is None
    assert Instance.objects.get().mark == 8


def test_thawing_says_what_it_will_do_and_who_did_it(
    workspace: Workspace, channel: Channel, alice: User, sandbox: Server
) -> None:
    silent = Channel.objects.create(workspace=workspace, network="sandbox_silent", handle="b", name="B")
    scheduled(workspace, channel, silent, at=NOW)
    later = scheduled(workspace, channel, at=NOW + timedelta(days=1), now=NOW, text="Tomorrow's.")
    instance.freeze(instance.current(NOW), instance.OLDER, NOW)
    told = doubt(NOW + timedelta(minutes=1))
    assert (told.since, told.count, told.asked, told.looked_at) == (NOW, 2, 1, 1)
    assert thaw(alice, NOW + timedelta(minutes=1)) == told
    assert only(later).state == "scheduled"
    doubted = Publication.objects.get(channel=silent)
    assert (doubted.state, doubted.reason, doubted.next_attempt_at) == ("unconfirmed", "restored", None)
    assert "restored from a backup" in speak_kept(doubted.sentence)
    entry = AuditEntry.objects.get(action="thawed")
    assert (entry.by, entry.workspace) == ("Alice", workspace)
    assert Notice.objects.filter(workspace=workspace, event="restored").count() == 1


def test_what_the_network_does_not_have_after_a_restore_waits_for_a_person_unless_its_key_proves_it(
    workspace: Workspace, channel: Channel, sandbox: Server
) -> None:
    """Its words may have been changed since the backup: reading the timeline would not find them."""
    reading = Channel.objects.create(workspace=workspace, network="sandbox_reading", handle="b", name="B")
    scheduled(workspace, channel, reading, at=NOW)
    thaw_at = NOW + timedelta(minutes=1)
    instance.current(NOW)
    thaw(None, thaw_at)
    later = thaw_at + timedelta(minutes=1)
    settle.settle(settle.due_to_ask(later, 10), later)
    assert Publication.objects.get(channel=channel).state == "scheduled"
    held = Publication.objects.get(channel=reading)
    assert (held.state, held.reason) == ("held", "missed")


def test_two_processes_that_raise_the_mark_do_not_freeze_each_other(db: None) -> None:
    row = instance.current(NOW)
    with transaction.atomic():
        instance.advance(NOW)  # another process, after we have read the row
    assert witness.seen(row.born) == 1
    assert instance.why_frozen(row) is None


def test_the_two_reasons_are_sentences_for_a_person() -> None:
    assert speak(instance.FOREIGN).endswith("until a person thaws it.")
    assert configured.INSTANCE == ""
