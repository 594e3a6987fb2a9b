"""Every way in which a network misbehaves, against every temper of connector: what is known afterwards."""

from dataclasses import dataclass

import pytest

from posts.networks import NETWORKS
from posts.networks.base import (
    Absent,
    ChannelRefused,
    Found,
    Message,
    NotSent,
    Receipt,
    Refused,
    SendError,
    Unconfirmed,
    Unknown,
)
from posts.sandbox.faults import FAULTS
from posts.sandbox.server import Server
from tests.posts.networks.sending import account, message, stored

CONNECTORS = ["sandbox", "sandbox_reading", "sandbox_silent"]


@dataclass(frozen=True)
class Case:
    fault: str
    ends: type[Receipt] | type[SendError]
    rows: int  # how many posts the ledger holds afterwards


CASES = [
    Case("ok", Receipt, 1),
    Case("slow-20", Receipt, 1),
    Case("ok-slow", Unconfirmed, 1),
    Case("hang-before-body", Unconfirmed, 0),
    Case("hang-after-accept", Unconfirmed, 1),
    Case("reset-before", Unconfirmed, 0),
    Case("reset-after", Unconfirmed, 1),
    Case("close-mid-headers", Unconfirmed, 1),
    Case("truncated-json", Unconfirmed, 1),
    Case("garbage-200", Unconfirmed, 0),
    Case("empty-200", Unconfirmed, 1),
    Case("200-error-body", Unconfirmed, 0),
    Case("id-missing", Unconfirmed, 1),
    Case("id-null", Unconfirmed, 1),
    Case("201-then-404", Receipt, 1),
    Case("apply-late-60", Unconfirmed, 1),
    Case("500-not-stored", Unconfirmed, 0),
    Case("500-stored", Unconfirmed, 1),
    Case("502-html", Unconfirmed, 0),
    Case("503-bare", Unconfirmed, 0),
    Case("503-retry-after-s", NotSent, 0),
    Case("503-retry-after-date", NotSent, 0),
    Case("503-retry-after-past", NotSent, 0),
    Case("503-retry-after-negative", NotSent, 0),
    Case("503-retry-after-huge", NotSent, 0),
    Case("503-retry-after-garbage", NotSent, 0),
    Case("429-retry-after", NotSent, 0),
    Case("429-no-header", NotSent, 0),
    Case("429-x-reset", NotSent, 0),
    Case("429-tg", NotSent, 0),
    Case("429-storm", NotSent, 0),
    Case("401-expired", ChannelRefused, 0),
    Case("401-forever", ChannelRefused, 0),
    Case("401-revoked", ChannelRefused, 0),
    Case("403-suspended", ChannelRefused, 0),
    Case("403-duplicate", Refused, 0),
    Case("422-duplicate-urn", Refused, 0),
    Case("400-validation", Refused, 0),
    Case("413", Refused, 0),
    Case("415", Refused, 0),
    Case("redirect-other-host", ChannelRefused, 0),
    Case("tls-downgrade", ChannelRefused, 0),
    Case("redirect-303", Unconfirmed, 0),
    Case("clock-skew", Receipt, 1),
    Case("big-answer", Unconfirmed, 1),
    Case("gzip-bomb", Unconfirmed, 1),
    Case("slow-drip", Unconfirmed, 1),
    Case("slow-drip-head", Unconfirmed, 1),
    Case("double-answer", Receipt, 1),
]
WAITS = {
    "503-retry-after-s": 120,
    "503-retry-after-date": 120,
    "503-retry-after-past": 1,
    "503-retry-after-negative": 1,
    "503-retry-after-huge": 6 * 3600,
    "503-retry-after-garbage": 60,
    "429-retry-after": 3600,
    "429-no-header": 60,
    "429-x-reset": 900,
    "429-tg": 35,
}
ENDLESS = {"ok-slow", "hang-before-body", "hang-after-accept", "slow-drip", "slow-drip-head"}
LOST = [
    "hang-after-accept",
    "slow-drip",
    "reset-after",
    "close-mid-headers",
    "truncated-json",
    "empty-200",
    "id-missing",
    "id-null",
    "500-stored",
    "big-answer",
    "gzip-bomb",
]


def test_every_fault_of_the_sandbox_has_its_case() -> None:
    assert set(FAULTS) <= {case.fault for case in CASES}


@pytest.mark.parametrize("slug", CONNECTORS)
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.fault)
def test_a_fault_ends_in_exactly_one_kind_of_knowledge(sandbox: Server, case: Case, slug: str) -> None:
    sent = message()
    assert type(_outcome(sandbox, case.fault, slug, sent)) is case.ends
    assert len(stored(sandbox, sent.reference)) == case.rows


@pytest.mark.parametrize(("fault", "seconds"), WAITS.items())
def test_a_network_that_names_a_time_is_given_it_within_reason(sandbox: Server, fault: str, seconds: float) -> None:
    outcome = _outcome(sandbox, fault, "sandbox", message())
    assert isinstance(outcome, NotSent)
    assert outcome.retry_after == pytest.approx(seconds, abs=1)
    assert outcome.counts is fault.startswith("503")


@pytest.mark.parametrize("fault", ["403-duplicate", "422-duplicate-urn"])
def test_a_duplicate_refusal_is_told_apart(sandbox: Server, fault: str) -> None:
    outcome = _outcome(sandbox, fault, "sandbox", message())
    assert isinstance(outcome, Refused)
    assert outcome.duplicate


def test_a_refusal_for_another_reason_is_no_duplicate_and_repeats_what_the_network_says(sandbox: Server) -> None:
    outcome = _outcome(sandbox, "400-validation", "sandbox", message())
    assert isinstance(outcome, Refused)
    assert not outcome.duplicate
    assert outcome.sentence.values["words"] == "The text is too long."


@pytest.mark.parametrize("fault", LOST)
def test_a_lost_answer_is_found_again_by_key_and_by_reading(sandbox: Server, fault: str) -> None:
    for slug in ("sandbox", "sandbox_reading"):
        network, to, sent = NETWORKS[slug], account(sandbox, f"fault-{fault}", _patience(fault)), message()
        with pytest.raises(Unconfirmed):
            network.publish(to, sent)
        found = network.find(account(sandbox, to.handle), sent)
        assert found == Found(_receipt(sandbox, sent.reference))


@pytest.mark.parametrize("slug", ["sandbox", "sandbox_reading"])
def test_what_never_arrived_is_absent(sandbox: Server, slug: str) -> None:
    network, to, sent = NETWORKS[slug], account(sandbox, "fault-500-not-stored"), message()
    with pytest.raises(Unconfirmed):
        network.publish(to, sent)
    assert network.find(to, sent) == Absent()


def test_a_network_that_tells_nothing_leaves_it_to_a_person(sandbox: Server) -> None:
    network, to, sent = NETWORKS["sandbox_silent"], account(sandbox, "fault-reset-after"), message()
    with pytest.raises(Unconfirmed):
        network.publish(to, sent)
    assert isinstance(network.find(to, sent), Unknown)


@pytest.mark.parametrize("fault", ["reset-after", "apply-late-60", "500-stored", "id-missing"])
def test_the_same_key_sent_again_brings_the_receipt_of_the_first_post(sandbox: Server, fault: str) -> None:
    network, to, sent = NETWORKS["sandbox"], account(sandbox, f"fault-{fault}--once"), message()
    with pytest.raises(Unconfirmed):
        network.publish(to, sent)
    assert network.publish(to, sent) == _receipt(sandbox, sent.reference)
    assert len(stored(sandbox, sent.reference)) == 1


def test_without_a_key_the_second_sending_doubles_the_post_and_the_ledger_shows_it(sandbox: Server) -> None:
    network, to, sent = NETWORKS["sandbox_reading"], account(sandbox, "fault-reset-after--once"), message()
    with pytest.raises(Unconfirmed):
        network.publish(to, sent)
    network.publish(to, sent)
    assert len(stored(sandbox, sent.reference)) == 2
    assert isinstance(network.find(to, sent), Unknown)


def test_a_post_that_the_network_applies_late_is_not_to_be_seen_yet(sandbox: Server) -> None:
    for slug in ("sandbox", "sandbox_reading"):
        network, to, sent = NETWORKS[slug], account(sandbox, "fault-apply-late-60"), message()
        with pytest.raises(Unconfirmed):
            network.publish(to, sent)
        assert network.find(to, sent) == Absent()


def _patience(fault: str) -> float:
    """Seconds to wait: few where the fault never ends, many where a busy machine could be slow."""
    return 0.3 if fault in ENDLESS else 5.0


def _outcome(server: Server, fault: str, slug: str, sent: Message) -> Receipt | SendError:
    try:
        return NETWORKS[slug].publish(account(server, f"shop--{fault}", _patience(fault)), sent)
    except SendError as error:
        return error


def _receipt(server: Server, reference: str) -> Receipt:
    (row,) = stored(server, reference)
    return Receipt(str(row.id), f"{server.address}/posts/{row.id}")
