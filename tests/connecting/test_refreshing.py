"""What channels sign in with is refreshed once, in time, and no account is lost on the way."""

from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from notices.models import Notice
from notices.sentences import say
from posts.models import Channel, NetworkApp, Refresh
from posts.networks.access import Grant
from posts.networks.base import ChannelRefused, NotSent
from scheduler import publish, refreshing
from scheduler.claims import claim_due
from scheduler.connecting import Visit, taken
from scheduler.flight import Answer
from scheduler.models import Publication
from teams.models import AuditEntry, User, Workspace
from tests.connecting.conftest import signed_in
from tests.connecting.provider import Provider
from tests.kit import only, run, scheduled

pytestmark = pytest.mark.django_db(transaction=True)
EXPIRIES, WORKERS = 60, 8


def runs_out(channel: Channel) -> None:
    Channel.objects.filter(pk=channel.pk).update(expires_at=timezone.now() + timedelta(seconds=5))


def good_keys(channel: Channel) -> str:
    return refreshing.with_good_keys(channel, timezone.now(), lambda: channel.credentials()["access_token"])


def test_eight_workers_refresh_once_and_lose_no_account(member_of_club: Channel, provider: Provider) -> None:
    """Seen to fail without the lock of `refreshing.lock`: refreshes 8 to 1 and the session revoked."""
    barrier = Barrier(WORKERS)

    def worker() -> str:
        mine = Channel.objects.get(pk=member_of_club.pk)
        barrier.wait()
        try:
            return good_keys(mine)
        finally:
            connection.close()

    with ThreadPoolExecutor(WORKERS) as pool:
        for number in range(EXPIRIES):
            runs_out(member_of_club)
            found = [one.result() for one in [pool.submit(worker) for _ in range(WORKERS)]]
            assert len(set(found)) == 1
            assert provider.calls["refresh"] == number + 1
            assert found[0] in provider.access
    assert provider.revoked == set()
    assert Channel.objects.get().state == "connected"


def test_a_batch_that_locks_the_channel_does_not_wait_for_a_refresh(
    member_of_club: Channel, workspace: Workspace, provider: Provider
) -> None:
    """While one refreshes, another batch is judged: the refresh locks a row of its own."""
    now = timezone.now()
    scheduled(workspace, member_of_club, at=now, now=now)
    claim = claim_due(now, 10)
    assert claim
    with ThreadPoolExecutor(1) as pool, transaction.atomic():
        refreshing.lock(member_of_club)
        errands = pool.submit(_decide, claim, now).result(timeout=10)
    assert len(errands) == 1


def _decide(claim: Any, now: Any) -> list[Any]:
    try:
        return publish.decide(claim, now)
    finally:
        connection.close()


def test_what_runs_out_is_refreshed_before_the_post_leaves(
    member_of_club: Channel, workspace: Workspace, provider: Provider
) -> None:
    now = timezone.now()
    provider.expire()
    runs_out(member_of_club)
    post = scheduled(workspace, member_of_club, at=now, now=now)
    run(now)
    assert (only(post).state, provider.calls["refresh"], provider.calls["/posts"]) == ("published", 1, 1)


def test_a_key_that_ran_out_unforeseen_is_refreshed_and_the_same_post_sent_again(
    member_of_club: Channel, workspace: Workspace, provider: Provider
) -> None:
    now = timezone.now()
    provider.expire()
    post = scheduled(workspace, member_of_club, at=now, now=now)
    run(now)
    assert (only(post).state, provider.calls["refresh"], provider.posts) == ("published", 1, [("7", post.text)])
    assert only(post).attempts.count() == 1


def test_a_key_that_is_refused_after_its_refresh_takes_the_channel_down(
    member_of_club: Channel, workspace: Workspace, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = timezone.now()
    provider.expire()
    monkeypatch.setattr(provider, "tokens", _dead_tokens)
    post = scheduled(workspace, member_of_club, at=now, now=now)
    run(now)
    member_of_club.refresh_from_db()
    assert (only(post).state, only(post).reason, member_of_club.state) == ("held", "channel_down", "down")
    assert (provider.calls["refresh"], provider.calls["/posts"], provider.posts) == (1, 2, [])


def _dead_tokens(session: str) -> dict[str, Any]:
    return {"access_token": "canary-dead", "refresh_token": "canary-r", "expires_in": 3600, "scope": "write"}


@pytest.mark.parametrize("mood", ["omits", "empty"])
def test_what_comes_back_empty_keeps_what_it_was(member_of_club: Channel, provider: Provider, mood: str) -> None:
    """Seen to fail when the answer was stored as it came: the second refresh had no token to refresh with."""
    kept = member_of_club.credentials()["refresh_token"]
    provider.mood = mood
    for _ in range(2):
        runs_out(member_of_club)
        good_keys(Channel.objects.get())
    assert Channel.objects.get().credentials()["refresh_token"] == kept
    assert provider.calls["refresh"] == 2


def test_a_token_server_that_is_out_of_order_takes_no_channel_down(
    member_of_club: Channel, workspace: Workspace, provider: Provider
) -> None:
    now = timezone.now()
    provider.mood = "503"
    runs_out(member_of_club)
    post = scheduled(workspace, member_of_club, at=now, now=now)
    run(now)
    assert only(post).state == "published", "the old key is good for some seconds more"
    Channel.objects.update(expires_at=now - timedelta(seconds=1))
    with pytest.raises(NotSent) as error:
        good_keys(Channel.objects.get())
    assert error.value.retry_after
    assert provider.calls["refresh"] == 1, "within the backoff nobody asks again"
    Refresh.objects.update(due_at=now)
    provider.mood = "ok"
    assert good_keys(Channel.objects.get()) in provider.access
    assert Channel.objects.get().state == "connected"
    assert Refresh.objects.get().failures == 0


def test_a_final_no_takes_the_channel_down_with_one_notice_that_names_the_posts(
    member_of_club: Channel, workspace: Workspace, provider: Provider
) -> None:
    now = timezone.now()
    scheduled(workspace, member_of_club, at=now, now=now, text="Autumn guide")
    scheduled(workspace, member_of_club, at=now + timedelta(days=1), now=now, text="Winter guide")
    provider.refresh.clear()
    runs_out(member_of_club)
    run(now)
    for _ in range(2):
        with pytest.raises(ChannelRefused):
            good_keys(Channel.objects.get())
    notice = Notice.objects.get(event="channel_down")
    assert "Autumn guide" in str(notice.sentence)
    assert "Winter guide" in str(notice.sentence)
    assert Publication.objects.filter(state="held", reason="channel_down").count() == 1
    assert Channel.objects.get().state == "down"
    assert AuditEntry.objects.filter(action="channel_down").count() == 1
    assert provider.calls["refresh"] == 1


def test_what_is_not_used_for_long_is_refreshed_ahead_of_its_end(member_of_club: Channel, provider: Provider) -> None:
    now = timezone.now()
    assert not refreshing.waiting(now + timedelta(minutes=20))
    assert refreshing.waiting(now + timedelta(minutes=31))
    assert refreshing.refresh_due(now + timedelta(minutes=31)) == 1
    assert provider.calls["refresh"] == 1
    assert not refreshing.waiting(now + timedelta(minutes=31))


def test_a_months_key_is_refreshed_a_week_before_its_end(member_of_club: Channel) -> None:
    now = timezone.now()
    Channel.objects.filter(pk=member_of_club.pk).update(expires_at=now)
    assert refreshing._when_due(now + timedelta(days=60), now) == now + timedelta(days=53)


def test_channels_that_do_not_run_out_cost_no_query(
    member_of_club: Channel, channel: Channel, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(0):
        good_keys(member_of_club)
        refreshing.with_good_keys(channel, timezone.now(), lambda: "")


def test_without_the_key_to_the_credentials_the_posts_wait(
    member_of_club: Channel, workspace: Workspace, provider: Provider, settings: Any
) -> None:
    now = timezone.now()
    post = scheduled(workspace, member_of_club, at=now, now=now)
    file = settings.DATA / "credential_keys"
    before = file.read_text()
    file.unlink()
    run(now)
    assert (only(post).state, provider.calls["/posts"]) == ("scheduled", 0)
    file.write_text(before)
    run(now + timedelta(minutes=5))
    assert only(post).state == "published"
    assert Channel.objects.get().state == "connected"


def test_a_refusal_of_old_credentials_does_not_take_down_a_channel_connected_since(
    member_of_club: Channel, workspace: Workspace, provider: Provider
) -> None:
    now = timezone.now()
    post = scheduled(workspace, member_of_club, at=now, now=now)
    claim = claim_due(now, 10)
    assert claim
    [errand] = publish.decide(claim, now)
    fresh = Channel.objects.get()
    fresh.seal({"access_token": "another", "refresh_token": "another"})
    fresh.save()
    publish.record([Answer(errand, ChannelRefused(say("No.")))], now)
    assert only(post).state == "scheduled"
    assert Channel.objects.get().state == "connected"


def test_no_secret_is_in_a_log_or_an_exception(
    member_of_club: Channel, provider: Provider, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stumble(*args: Any, **kwargs: Any) -> None:
        raise ValueError(f"canary {args} {kwargs}")

    caplog.set_level(logging.DEBUG)
    monkeypatch.setattr(type(member_of_club.connector), "_token", stumble)
    Channel.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    with pytest.raises(NotSent) as error:
        good_keys(Channel.objects.get())
    assert "canary" not in caplog.text + str(error.value) + repr(error.value)
    assert "ValueError in stumble" in caplog.text


def test_accounts_that_share_a_token_are_refreshed_together(
    app: NetworkApp, provider: Provider, workspace: Workspace, alice: User
) -> None:
    """Seen to fail when each refreshed for itself: the second spent a token that the first had spent."""
    now, told = timezone.now(), provider.begin()
    shared = {name: told[name] for name in ("access_token", "refresh_token")}
    ends = now + timedelta(hours=1)
    grants = [Grant(str(n), f"@page{n}", f"Page {n}", {**shared, "page": str(n)}, "", ends) for n in (1, 2, 3)]
    taken(Visit(workspace, alice, "session"), "club", grants, now)
    pks = list(Channel.objects.order_by("pk").values_list("pk", flat=True))
    barrier = Barrier(6)

    def worker(pk: int) -> str:
        mine = Channel.objects.get(pk=pk)
        barrier.wait()
        try:
            return good_keys(mine)
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        for number in range(10):
            Channel.objects.update(expires_at=timezone.now() + timedelta(seconds=5))
            found = {one.result() for one in [pool.submit(worker, pk) for pk in pks * 2]}
            assert (len(found), provider.calls["refresh"]) == (1, number + 1)
    assert provider.revoked == set()
    assert [one.credentials()["page"] for one in Channel.objects.order_by("pk")] == ["1", "2", "3"]
    assert Channel.objects.filter(state="connected").count() == 3


def test_a_key_that_no_refresh_can_mend_is_not_tried_twice(
    member_of_club: Channel, workspace: Workspace, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = timezone.now()
    provider.expire()
    monkeypatch.setattr(type(member_of_club.connector), "refresh", lambda self, app, grant: grant)
    post = scheduled(workspace, member_of_club, at=now, now=now)
    run(now)
    assert (only(post).state, provider.calls["/posts"]) == ("held", 1)


def test_two_channels_of_one_account_have_credentials_of_their_own(
    app: NetworkApp, provider: Provider, workspace: Workspace
) -> None:
    both = [signed_in(provider, workspace, remote_id) for remote_id in ("1", "2")]
    assert both[0].sealed != both[1].sealed
