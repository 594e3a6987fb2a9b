"""Taking a post down from its page: first the words and what will happen, then the network's answer."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from posts.models import Channel
from posts.sandbox.server import Server
from scheduler.models import Publication
from teams.models import User, Workspace
from tests.conftest import NOW
from tests.kit import arrivals, only, run, scheduled
from tests.pages.standing import awake

pytestmark = pytest.mark.django_db(transaction=True)
TEXT = "Our fair is on Saturday."
Read = Callable[[str], str]


@pytest.fixture
def out(workspace: Workspace, channel: Channel, sandbox: Server) -> Publication:
    post = scheduled(workspace, channel, at=NOW, text=TEXT)
    run(NOW)
    return only(post)


@pytest.fixture
def editor(client: Client, bob: User, workspace: Workspace) -> Client:
    client.force_login(bob)
    awake(workspace)
    return client


@pytest.fixture
def read(editor: Client) -> Read:
    return lambda address: " ".join(editor.get(address).content.decode().split())


def test_an_editor_reads_the_words_takes_it_down_and_sees_it_everywhere(
    editor: Client, read: Read, out: Publication, sandbox: Server
) -> None:
    assert f'href="{_door(out)}"' in read(out.get_absolute_url())
    asked = read(_door(out))
    assert TEXT in asked
    assert "Sandbox is asked to delete it, of a thread every part. This cannot be undone" in asked
    assert arrivals(sandbox)[0].deleted_at is None
    assert editor.post(_door(out))["Location"] == out.get_absolute_url()
    assert arrivals(sandbox)[0].deleted_at is not None
    told = read(out.get_absolute_url())
    assert "Bob took it down from Atelier on" in told
    assert "took “Our fair is on Saturday.” down from Atelier" in told
    assert f'href="{_door(out)}"' not in told
    assert out.url not in told
    for page in (f"posts/{out.post_id}/", f"occurrences/{out.pk}/glance/"):
        assert "taken down on" in read(f"/w/atelier/{page}")


def test_it_can_be_asked_for_twice(editor: Client, out: Publication) -> None:
    for _ in range(2):
        assert editor.post(_door(out)).status_code == 302


def test_a_network_that_does_not_answer_is_told_on_the_same_page(
    editor: Client, out: Publication, sandbox: Server
) -> None:
    sandbox.stop()
    answer = editor.post(_door(out))
    assert answer.status_code == 422
    assert "It was not taken down. Sandbox could not be reached." in answer.content.decode()


def test_where_no_app_can_the_page_says_so_and_leads_to_the_post(read: Read, out: Publication) -> None:
    Channel.objects.update(network="instagram")
    for page in (out.get_absolute_url(), _door(out)):
        told = read(page)
        assert "Instagram lets no app take a post down. Please do it there." in told
        assert f'href="{out.url}"' in told
        assert "Take it down</button>" not in told


def test_a_viewer_sees_no_button_and_may_not(editor: Client, read: Read, bob: User, out: Publication) -> None:
    """Seen to fail with the view open to every member."""
    bob.memberships.update(role="viewer")
    assert f'href="{_door(out)}"' not in read(out.get_absolute_url())
    assert editor.get(_door(out)).status_code == 403
    assert editor.post(_door(out)).status_code == 403
    assert Publication.objects.get().taken_down_at is None


def test_another_workspaces_is_not_there(client: Client, out: Publication, charlie: User, sandbox: Server) -> None:
    """Seen to fail with all publications asked for."""
    client.force_login(charlie)
    for address in (_door(out), _door(out).replace("atelier", "elsewhere")):
        assert client.get(address).status_code == 404
        assert client.post(address).status_code == 404
    assert arrivals(sandbox)[0].deleted_at is None


def _door(row: Publication) -> str:
    return f"{row.get_absolute_url()}take-down/"
