"""Letters: who is told of what is stopped, in one letter, with links that are theirs; and how they leave."""

from __future__ import annotations

import re
import smtplib
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from notices import post as office
from notices.models import Letter
from notices.post import Written
from posts.models import Channel, Post
from scheduler.approvals import ask
from scheduler.models import Publication, Pulse
from scheduler.states import State
from scheduler.stopped_letters import LAG, write_stopped
from teams.models import Membership, User, Workspace
from tests.conftest import NOW
from tests.kit import a_post
from tests.pages.standing import standing

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(minutes=5)
LINK = re.compile(r"http\S+(/letters/\S+/)")


@pytest.fixture(autouse=True)
def mailing(settings: Any) -> None:
    settings.LETTERS = True
    Pulse.objects.create(name="letters", at=NOW - LAG)


def stopped(workspace: Workspace, channel: Channel, count: int = 1, **fields: Any) -> list[Publication]:
    rows = standing(workspace, channel, fields.pop("state", State.HELD), count, at=NOW, **fields)
    Publication.objects.filter(pk__in=[row.pk for row in rows]).update(changed_at=NOW)
    return rows


def test_those_who_can_mend_it_get_one_letter_with_links(
    workspace: Workspace, channel: Channel, alice: User, bob: User, charlie: User, client: Client
) -> None:
    stopped(workspace, channel, 3)
    assert write_stopped(LATER) == 2
    assert office.send_due(LATER) == 2
    assert [one.to for one in mail.outbox] == [["alice@example.org"], ["bob@example.org"]]
    letter = mail.outbox[1]
    assert letter.subject == "Atelier: 3 publications are stopped"
    assert "Sent 9 days before" in letter.body
    assert "Skip this one: http" in letter.body
    links = LINK.findall(str(letter.body))
    assert len(links) == 9
    assert Publication.objects.filter(state="held").count() == 3
    assert "in the name of Bob" in client.get(links[0]).content.decode()
    assert not set(links) & set(LINK.findall(str(mail.outbox[0].body)))


def test_each_is_told_of_once(workspace: Workspace, channel: Channel, bob: User) -> None:
    stopped(workspace, channel)
    assert write_stopped(LATER) == 1
    assert write_stopped(LATER) == 0
    assert write_stopped(LATER + timedelta(minutes=5)) == 0
    office.send_due(LATER)
    office.send_due(LATER + timedelta(hours=3))
    assert len(mail.outbox) == 1


def test_a_blocked_one_is_told_of_and_what_a_pause_holds_is_not(
    workspace: Workspace, channel: Channel, bob: User
) -> None:
    rows = stopped(workspace, channel, 2)
    Publication.objects.filter(pk=rows[0].pk).update(reason="paused")
    Publication.objects.filter(pk=rows[1].pk).update(reason="channel_down")
    assert write_stopped(LATER) == 0
    Pulse.objects.update(at=NOW - LAG)
    stopped(workspace, channel, state=State.BLOCKED, text="Expired.")
    assert write_stopped(LATER) == 1
    assert "Extend the expiry by 30 days: http" in Letter.objects.get().text


def test_many_are_told_in_one_letter_with_the_first_ten(workspace: Workspace, channel: Channel, bob: User) -> None:
    stopped(workspace, channel, 12)
    write_stopped(LATER)
    text = Letter.objects.get().text
    assert "And 2 more, in Guard." in text
    assert text.count("Skip this one") == 10


def test_viewers_and_those_who_do_not_want_letters_get_none(
    workspace: Workspace, channel: Channel, alice: User, bob: User
) -> None:
    Membership.objects.filter(user=bob).update(role="viewer")
    User.objects.filter(pk=alice.pk).update(letters=False)
    stopped(workspace, channel)
    assert write_stopped(LATER) == 0


def test_each_reads_in_their_own_language_by_the_workspaces_clock(
    workspace: Workspace, channel: Channel, bob: User
) -> None:
    User.objects.filter(pk=bob.pk).update(language="fr")
    stopped(workspace, channel)
    write_stopped(LATER)
    assert "10:00" in Letter.objects.get().text  # nine in Greenwich


def test_without_a_server_nothing_is_written(workspace: Workspace, channel: Channel, bob: User, settings: Any) -> None:
    settings.LETTERS = False
    stopped(workspace, channel)
    assert write_stopped(LATER) == 0
    assert not Letter.objects.exists()


def test_the_approvers_are_asked_by_letter(workspace: Workspace, channel: Channel, alice: User, bob: User) -> None:
    workspace.needs_approval = True
    workspace.save()
    post = a_post(workspace, channel, text="Read me.")
    ask([post], bob, NOW)
    letter = Letter.objects.get()
    assert letter.user == alice
    assert "Read me." in letter.text
    assert f"/w/atelier/posts/{Post.objects.get().pk}/approval/" in letter.text


def test_a_letter_that_cannot_leave_is_tried_again_and_given_up_in_the_end(
    bob: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def closed(self: Any, fail_silently: bool = False) -> int:
        raise smtplib.SMTPServerDisconnected("closed")

    monkeypatch.setattr("django.core.mail.EmailMessage.send", closed)
    office.keep([Written(bob, "Line\nbreak", "Text")], NOW)
    at = NOW
    for _ in range(10):
        assert office.send_due(at) == 0
        at += timedelta(days=1)
    letter = Letter.objects.get()
    assert (letter.tries, letter.due_at, letter.sent_at) == (office.MOST_TRIES, None, None)
    assert letter.subject == "Line break"
