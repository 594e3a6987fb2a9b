"""Which posts a network is told are ours already, so that it can tell a lost one from an earlier repeat."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from posts.models import Channel
from scheduler import earlier
from scheduler.models import Publication
from teams.models import Workspace
from tests.conftest import NOW
from tests.kit import a_post

pytestmark = pytest.mark.django_db


def a_publication(channel: Channel, remote_id: str, at: datetime = NOW) -> Publication:
    post = a_post(channel.workspace, channel)
    return Publication.objects.create(
        workspace=channel.workspace, post=post, channel=channel, due_at=at, planned_for=at, remote_id=remote_id
    )


def test_a_network_that_compares_is_told_the_channels_other_posts_of_late(workspace: Workspace) -> None:
    here, there = (
        Channel.objects.create(workspace=workspace, network="linkedin", handle=handle, name=handle)
        for handle in ("here", "there")
    )
    row = a_publication(here, "urn:li:share:1")
    a_publication(here, "urn:li:share:2,urn:li:share:3")
    a_publication(here, "")
    a_publication(here, "urn:li:share:4", NOW - timedelta(days=15))
    a_publication(there, "urn:li:share:5")
    assert earlier.remote_ids(row) == {"urn:li:share:2", "urn:li:share:3"}


def test_no_other_network_makes_the_database_look(
    workspace: Workspace, channel: Channel, django_assert_num_queries: pytest.FixtureRequest
) -> None:
    row = a_publication(channel, "1")
    a_publication(channel, "2")
    with django_assert_num_queries(0):  # type: ignore[operator]
        assert earlier.remote_ids(row) == frozenset()
