"""Notices are listed unread first, and are read by one for all."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from notices.models import Notice
from notices.sentences import say
from notices.tell import News, tell
from teams.models import User, Workspace

pytestmark = pytest.mark.django_db

HERE = "/w/atelier/notices/"


@pytest.fixture
def reader(client: Client, alice: User) -> Client:
    client.force_login(alice)
    return client


def news(workspace: Workspace, number: int = 1) -> None:
    tell(News(workspace.pk, "held", say("Number {n} is held.", n=n), about=str(n)) for n in range(number))


def test_the_unread_stand_first(reader: Client, workspace: Workspace) -> None:
    news(workspace, 2)
    Notice.objects.filter(about="1").update(read_at=timezone.now())
    answer = reader.get(HERE)
    told = answer.content.decode()
    assert told.index("Number 0 is held.") < told.index("Number 1 is held.")
    assert [notice.about for notice in answer.context["unread"]] == ["0"]


def test_one_or_all_are_marked_as_read(reader: Client, workspace: Workspace) -> None:
    news(workspace, 3)
    one = Notice.objects.get(about="1")
    reader.post(HERE + "read/", {"notice": one.pk})
    assert set(Notice.objects.filter(read_at=None).values_list("about", flat=True)) == {"0", "2"}
    reader.post(HERE + "read/", {"notice": "x"})
    assert Notice.objects.filter(read_at=None).count() == 2
    reader.post(HERE + "read/")
    assert Notice.objects.filter(read_at=None).count() == 0


def test_looking_marks_nothing(reader: Client, workspace: Workspace) -> None:
    news(workspace)
    reader.get(HERE)
    assert reader.get(HERE + "read/").status_code == 405
    assert Notice.objects.filter(read_at=None).count() == 1


def test_another_workspaces_notices_stay_unread(reader: Client, workspace: Workspace, charlie: User) -> None:
    elsewhere = Workspace.objects.get(slug="elsewhere")
    news(elsewhere)
    theirs = Notice.objects.get()
    reader.post(HERE + "read/", {"notice": theirs.pk})
    reader.post(HERE + "read/")
    theirs.refresh_from_db()
    assert theirs.read_at is None
    assert "is held." not in reader.get(HERE).content.decode()


def test_an_empty_list_says_what_it_is_for(reader: Client, workspace: Workspace) -> None:
    assert "Nothing to tell" in reader.get(HERE).content.decode()


@pytest.mark.parametrize("number", [10, 500])
def test_the_number_of_queries_does_not_grow(
    reader: Client, workspace: Workspace, django_assert_max_num_queries: Any, number: int
) -> None:
    news(workspace, number)
    reader.get(HERE)
    with django_assert_max_num_queries(12):
        assert reader.get(HERE).status_code == 200
