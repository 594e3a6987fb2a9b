"""Who fails is left alone for a while, and nothing fails because of that."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from notices.models import Notice
from notices.sentences import say
from notices.speak import speak_kept
from posts.models import Channel
from posts.networks.base import NotSent, Receipt, Refused, SendError, Unconfirmed
from posts.networks.sandbox import Sandbox
from scheduler import claims, publish
from scheduler.flight import Answer
from scheduler.models import Breaker, Publication
from teams.models import User, Workspace
from tests.conftest import NOW
from tests.kit import only, run, scheduled, states

pytestmark = pytest.mark.django_db(transaction=True)
MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)


class Network:
    """The network's side, played: `answer` is what it says next, `calls` who asked."""

    def __init__(self) -> None:
        self.answer: Receipt | SendError = Receipt("1", "")
        self.ill: set[str] = set()
        self.calls: list[str] = []

    def publish(self, account: Any, message: Any) -> Receipt:
        self.calls.append(account.handle)
        if isinstance(self.answer, SendError) and (not self.ill or account.handle in self.ill):
            raise self.answer
        return Receipt(message.key, "")


@pytest.fixture
def network(monkeypatch: pytest.MonkeyPatch) -> Network:
    played = Network()
    monkeypatch.setattr(Sandbox, "publish", lambda self, account, message: played.publish(account, message))
    return played


@pytest.fixture
def patient(workspace: Workspace) -> Workspace:
    """A workspace whose grace is a day and that catches up as fast as it can."""
    workspace.grace_minutes, workspace.catch_up_per_hour, workspace.catch_up_minutes = 24 * 60, 1000, 0
    workspace.save()
    return workspace


UNREACHABLE = NotSent(say("The network could not be reached."))


def due(workspace: Workspace, channel: Channel, count: int, at: datetime = NOW) -> None:
    for number in range(count):
        scheduled(workspace, channel, at=at, text=f"The weaver's note number {number}, {at}")


def fail(network: Network, channel: Channel, times: int) -> datetime:
    """So many failures in a row; returns the time of the last."""
    network.answer = UNREACHABLE
    for number in range(times):
        scheduled(channel.workspace, channel, at=NOW + number * SECOND, text=f"In vain, number {number}")
        Publication.objects.filter(state="scheduled", tries__gt=0).update(next_attempt_at=NOW + timedelta(days=1))
        run(NOW + number * SECOND)
    return NOW + (times - 1) * SECOND


def test_a_storm_of_429_is_met_with_one_call_and_one_a_minute_after_it(
    workspace: Workspace, channel: Channel, network: Network
) -> None:
    """Seen to fail without the breakers."""
    network.answer = NotSent(say("Too many requests."), counts=False)
    due(workspace, channel, 200)
    run(NOW)
    assert len(network.calls) == 1
    for second in range(0, 600, 20):
        run(NOW + second * SECOND)
    assert len(network.calls) <= 11
    assert set(Publication.objects.values_list("tries", flat=True)) == {0}
    for minute in range(10, 20):
        run(NOW + minute * MINUTE)
    assert Counter(Publication.objects.values_list("state", flat=True)) == {"held": 200}
    assert Notice.objects.filter(event="missed").count() == 1


def test_a_wait_that_the_network_names_is_waited(patient: Workspace, channel: Channel, network: Network) -> None:
    network.answer = NotSent(say("Later."), retry_after=3600, counts=False)
    due(patient, channel, 3)
    run(NOW)
    network.answer = Receipt("1", "")
    for minute in range(1, 60):
        run(NOW + minute * MINUTE)
    assert len(network.calls) == 1
    for minute in range(60, 70):
        run(NOW + minute * MINUTE)
    assert Counter(Publication.objects.values_list("state", "tries")) == {("published", 0): 3}


def test_a_wait_that_ends_after_the_grace_is_not_waited(
    workspace: Workspace, channel: Channel, network: Network
) -> None:
    network.answer = NotSent(say("Later."), retry_after=3600, counts=False)
    post = scheduled(workspace, channel, at=NOW)
    run(NOW)
    assert (only(post).state, only(post).reason, only(post).tries) == ("held", "not_sent", 0)


def test_what_is_tried_again_is_not_claimed_before_its_time(
    workspace: Workspace, channel: Channel, network: Network
) -> None:
    """Seen to fail when the claim does not look at the time."""
    network.answer = NotSent(say("Later."), retry_after=300)
    post = scheduled(workspace, channel, at=NOW)
    run(NOW)
    run(NOW + 299 * SECOND)
    assert len(network.calls) == 1
    run(NOW + 331 * SECOND)
    assert len(network.calls) == 2
    assert only(post).tries == 2


def test_after_five_failures_in_a_row_a_channel_is_left_alone_and_then_one_tries(
    patient: Workspace, channel: Channel, network: Network
) -> None:
    """Seen to fail without the breakers."""
    last = fail(network, channel, 5)
    due(patient, channel, 10, last + MINUTE)
    calls = len(network.calls)
    run(last + MINUTE)
    run(last + 9 * MINUTE)
    assert len(network.calls) == calls
    row = Publication.objects.filter(reason="left_alone").last()
    assert row
    assert (row.state, row.tries) == ("scheduled", 0)
    assert "After 5 failures in a row it is left alone until" in speak_kept(row.sentence)
    run(last + 11 * MINUTE)
    assert len(network.calls) == calls + 1


def test_each_probe_in_vain_doubles_the_wait_up_to_two_hours(
    patient: Workspace, channel: Channel, network: Network
) -> None:
    at, waits = fail(network, channel, 5), []
    due(patient, channel, 20, at)
    for _ in range(6):
        until = Breaker.objects.get().open_until
        assert until
        waits.append(round((until - at) / MINUTE))
        at = until
        run(at)
        Publication.objects.filter(state="scheduled").update(next_attempt_at=at)
    assert waits == [10, 20, 40, 80, 120, 120]


def test_a_probe_that_succeeds_opens_the_way_for_all(patient: Workspace, channel: Channel, network: Network) -> None:
    last = fail(network, channel, 5)
    due(patient, channel, 5, last)
    run(last)
    network.answer = Receipt("1", "")
    run(last + 11 * MINUTE)
    assert Publication.objects.filter(state="published").count() == 1
    run(last + 12 * MINUTE)
    assert Publication.objects.filter(state="published").count() >= 5
    breaker = Breaker.objects.get()
    assert (breaker.open_until, breaker.failures, breaker.openings) == (None, 0, 0)


def test_what_waits_past_its_grace_is_held_with_the_reason(
    workspace: Workspace, channel: Channel, network: Network
) -> None:
    last = fail(network, channel, 5)
    Breaker.objects.update(open_until=last + 60 * MINUTE)
    post = scheduled(workspace, channel, at=last + MINUTE, text="Waits in vain.")
    for minute in range(1, 16):
        run(last + minute * MINUTE)
    assert states(post) == ["scheduled"]
    run(last + 17 * MINUTE)
    assert (only(post).state, only(post).reason) == ("held", "missed")
    assert "left alone until" in speak_kept(only(post).sentence)


@pytest.mark.parametrize("answer", [Receipt("1", ""), Refused(say("Too long."))])
def test_an_answer_ends_the_row_of_failures(
    patient: Workspace, channel: Channel, network: Network, answer: Receipt | SendError
) -> None:
    fail(network, channel, 4)
    network.answer = answer
    due(patient, channel, 1, NOW + MINUTE)
    run(NOW + MINUTE)
    assert Breaker.objects.get().failures == 0


def test_no_answer_counts_as_a_failure(patient: Workspace, channel: Channel, network: Network) -> None:
    network.answer = Unconfirmed(say("No answer."))
    due(patient, channel, 7)
    run(NOW)
    assert Breaker.objects.get().failures == 7
    assert Breaker.objects.get().open_until


def test_when_half_of_ten_channels_fail_the_whole_network_is_left_alone(patient: Workspace, network: Network) -> None:
    """Seen to fail without the breakers of networks."""
    places = [
        Channel.objects.create(workspace=patient, network="sandbox", handle=f"place-{n}", name=f"Place {n}")
        for n in range(12)
    ]
    network.answer, network.ill = UNREACHABLE, {f"place-{n}" for n in range(5)}
    scheduled(patient, *places[:10], at=NOW, text="The first note.")
    run(NOW)
    run(NOW + 31 * SECOND)  # those that failed are tried once more
    assert Breaker.objects.get(channel=None).network == "sandbox"
    calls = len(network.calls)
    scheduled(patient, *places, at=NOW + MINUTE, text="The second note.")
    run(NOW + MINUTE)
    run(NOW + 9 * MINUTE)
    assert len(network.calls) == calls
    network.answer = Receipt("1", "")
    run(NOW + 11 * MINUTE)
    assert len(network.calls) == calls + 1
    assert not Breaker.objects.filter(channel=None).exists()
    for minute in range(12, 20):
        run(NOW + minute * MINUTE)
    assert Counter(Publication.objects.values_list("state", flat=True)) == {"published": 22}


def test_four_of_ten_channels_are_their_own_trouble(patient: Workspace, network: Network) -> None:
    places = [
        Channel.objects.create(workspace=patient, network="sandbox", handle=f"place-{n}", name=f"Place {n}")
        for n in range(10)
    ]
    network.answer, network.ill = UNREACHABLE, {f"place-{n}" for n in range(4)}
    scheduled(patient, *places, at=NOW, text="The first note.")
    run(NOW)
    assert not Breaker.objects.filter(channel=None).exists()


def test_the_channels_page_says_until_when_one_is_left_alone(
    client: Client, alice: User, workspace: Workspace, channel: Channel, network: Network
) -> None:
    fail(network, channel, 5)
    Breaker.objects.update(open_until=timezone.now() + 10 * MINUTE)
    client.force_login(alice)
    text = client.get("/w/atelier/channels/").content.decode()
    assert "After 5 failures in a row it is left alone until" in text
    assert "What is due waits, and is held when it gets too late." in text


def test_a_batch_that_meets_breakers_costs_a_fixed_number_of_queries(
    patient: Workspace, network: Network, django_assert_max_num_queries: Any
) -> None:
    places = [
        Channel.objects.create(workspace=patient, network="sandbox", handle=f"place-{n}", name=f"Place {n}")
        for n in range(20)
    ]
    Breaker.objects.bulk_create(Breaker(channel=one, failures=5, open_until=NOW) for one in places)
    for number in range(5):
        scheduled(patient, *places, at=NOW, text=f"Note number {number}")
    claim = claims.claim_due(NOW, 100)
    assert claim
    with django_assert_max_num_queries(60):
        assert len(publish.decide(claim, NOW)) == 20


def test_many_answers_are_learnt_from_in_a_fixed_number_of_queries(
    patient: Workspace, network: Network, django_assert_max_num_queries: Any
) -> None:
    places = [
        Channel.objects.create(workspace=patient, network="sandbox", handle=f"place-{n}", name=f"Place {n}")
        for n in range(20)
    ]
    scheduled(patient, *places, at=NOW, text="A note")
    claim = claims.claim_due(NOW, 100)
    assert claim
    answers = [Answer(errand, UNREACHABLE) for errand in publish.decide(claim, NOW)]
    with django_assert_max_num_queries(30):
        publish.record(answers, NOW)
    assert Breaker.objects.filter(failures=1).count() == 20
