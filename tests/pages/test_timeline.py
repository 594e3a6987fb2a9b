"""The timeline shows what really arrived on the sandbox from this workspace, and likes it for real."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from posts.models import Channel
from posts.sandbox.server import Server
from teams.models import User, Workspace
from tests.conftest import NOW
from tests.kit import arrivals, only, run, scheduled

pytestmark = pytest.mark.django_db(transaction=True)

HERE = "/w/atelier/timeline/"


@pytest.fixture
def reader(client: Client, alice: User) -> Client:
    client.force_login(alice)
    return client


def test_what_arrived_is_shown_with_the_way_to_its_explanation(
    reader: Client, workspace: Workspace, channel: Channel, sandbox: Server
) -> None:
    post = scheduled(workspace, channel, at=NOW, text="Bonjour à tous", language="fr")
    run(NOW)
    told = reader.get(HERE).content.decode()
    assert '<p class="preview-text" lang="fr">Bonjour à tous</p>' in told
    assert f"/w/atelier/occurrences/{only(post).pk}/" in told


def test_a_like_is_counted_by_the_network(
    reader: Client, workspace: Workspace, channel: Channel, sandbox: Server
) -> None:
    scheduled(workspace, channel, at=NOW)
    run(NOW)
    (arrived,) = arrivals(sandbox)
    for _ in range(2):
        told = reader.post(f"{HERE}{arrived.id}/like/", headers={"HX-Request": "true"}).content.decode()
    assert 'class="count">2<' in told
    assert arrivals(sandbox)[0].likes == 2


def test_another_workspaces_posts_on_an_account_of_the_same_name_are_not_shown(
    reader: Client, workspace: Workspace, channel: Channel, sandbox: Server, charlie: User
) -> None:
    """Seen to fail when posts were chosen by their account alone."""
    elsewhere = Workspace.objects.get(slug="elsewhere")
    twin = Channel.objects.create(workspace=elsewhere, network="sandbox", handle=channel.handle, name="Twin")
    scheduled(elsewhere, twin, at=NOW, text="A secret of Charlie's")
    run(NOW)
    (arrived,) = arrivals(sandbox)
    assert "secret" not in reader.get(HERE).content.decode()
    assert reader.post(f"{HERE}{arrived.id}/like/").status_code == 404
    assert arrivals(sandbox)[0].likes == 0


def test_nothing_is_swapped_while_nothing_is_new(
    reader: Client, workspace: Workspace, channel: Channel, sandbox: Server
) -> None:
    scheduled(workspace, channel, at=NOW)
    run(NOW)
    seen = reader.get(HERE).context["seen"]
    assert reader.get(f"{HERE}?seen={seen}", headers={"HX-Request": "true"}).status_code == 204
    sandbox.ledger.react(arrivals(sandbox)[0].id, "like")
    assert reader.get(f"{HERE}?seen={seen}", headers={"HX-Request": "true"}).status_code == 200


def test_a_sandbox_that_does_not_answer_is_a_sentence(
    reader: Client, workspace: Workspace, channel: Channel, sandbox: Server
) -> None:
    scheduled(workspace, channel, at=NOW)
    run(NOW)
    (arrived,) = arrivals(sandbox)
    sandbox.stop()
    answer = reader.get(HERE)
    assert answer.status_code == 200
    assert "The sandbox does not answer" in answer.content.decode()
    assert reader.post(f"{HERE}{arrived.id}/like/").status_code == 404


@pytest.mark.parametrize("wrong", ["0", "-1", "x", "..%2Fledger", "9" * 30])
def test_a_post_that_is_not_there_cannot_be_liked(
    reader: Client, channel: Channel, sandbox: Server, wrong: str
) -> None:
    assert reader.post(f"{HERE}{wrong}/like/").status_code == 404


def test_without_channels_it_says_what_to_do(reader: Client, workspace: Workspace, sandbox: Server) -> None:
    assert "No sandbox channel yet" in reader.get(HERE).content.decode()


@pytest.mark.parametrize("number", [2, 12])
def test_the_number_of_queries_does_not_grow(
    reader: Client, workspace: Workspace, channel: Channel, sandbox: Server,
    django_assert_max_num_queries: Any, number: int,
) -> None:  # fmt: skip
    for n in range(number):
        scheduled(workspace, channel, at=NOW, text=f"Tip {n}")
    run(NOW)
    reader.get(HERE)
    with django_assert_max_num_queries(12):
        assert len(reader.get(HERE).context["posts"]) == number
