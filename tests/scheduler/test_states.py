"""The moves that the engine obeys are the ones that the documentation shows."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings

from posts.models import Channel
from scheduler.models import Publication
from scheduler.moves import IllegalMove, move
from scheduler.states import MOVES, State
from teams.models import Workspace
from tests.conftest import NOW
from tests.kit import only, scheduled

PAGE = Path(settings.ROOT, "docs", "states.md").read_text()


def test_the_documentation_shows_every_move_and_no_other() -> None:
    table = PAGE.split("| from | to |")[1].split("```")[0]
    shown = {
        State(line[0]): frozenset(State(name) for name in line[1:])
        for line in (re.findall(r"`(\w+)`", row) for row in table.splitlines())
        if line
    }
    assert shown == MOVES


def test_every_state_is_explained_in_one_sentence() -> None:
    assert {name for name in State.values if f"| `{name}` | " in PAGE.split("The moves between them")[0]} == set(State)


def test_nothing_leads_from_sending_back_to_claimed_nor_out_of_published() -> None:
    assert State.CLAIMED not in MOVES[State.SENDING]
    assert not MOVES[State.PUBLISHED]


@pytest.mark.django_db
def test_whoever_comes_second_changes_nothing(workspace: Workspace, channel: Channel) -> None:
    """Seen to fail with the comparison of revisions taken out."""
    scheduled(workspace, channel, at=NOW + timedelta(days=1), now=NOW)
    first, second = Publication.objects.get(), Publication.objects.get()
    assert move([first], State.SKIPPED, NOW) == [first]
    assert move([second], State.CANCELLED, NOW) == []
    assert Publication.objects.get().state == State.SKIPPED


@pytest.mark.django_db
def test_a_move_that_does_not_exist_is_refused_and_changes_nothing(workspace: Workspace, channel: Channel) -> None:
    post = scheduled(workspace, channel, at=NOW + timedelta(days=1), now=NOW)
    row = only(post)
    with pytest.raises(IllegalMove):
        move([row], State.PUBLISHED, NOW, published_at=NOW)
    assert only(post).state == State.SCHEDULED
