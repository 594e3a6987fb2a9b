"""Every fault of the sandbox's network at the request that publishes, for every connector that has a stand-in.

What the client alone decides (slow answers, bombs, endless ones) is tried once, in test_faults.py.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace

import pytest

from posts.networks import NETWORKS
from posts.networks.base import (
    Account,
    ChannelRefused,
    Message,
    NotSent,
    Reactions,
    Receipt,
    Refused,
    SendError,
    Unconfirmed,
    Unknown,
)
from tests.posts.networks.fakes import facebook, instagram, linkedin, meta, threads, x
from tests.posts.networks.fakes.strict import Reply, Request, Strict
from tests.posts.networks.fakes.troubled import Troubled
from tests.posts.networks.parcels import Notebook, image
from tests.posts.networks.sending import message

NOTHING = {
    "401-expired": ChannelRefused,
    "401-forever": ChannelRefused,
    "401-revoked": ChannelRefused,
    "403-suspended": ChannelRefused,
    "403-duplicate": Refused,
    "422-duplicate-urn": Refused,
    "400-validation": Refused,
    "413": Refused,
    "415": Refused,
    "redirect-other-host": ChannelRefused,
    "tls-downgrade": ChannelRefused,
    "redirect-303": Unconfirmed,
    "503-retry-after-s": NotSent,
    "503-retry-after-date": NotSent,
    "503-retry-after-past": NotSent,
    "503-retry-after-garbage": NotSent,
    "429-retry-after": NotSent,
    "429-no-header": NotSent,
    "429-x-reset": NotSent,
    "429-tg": NotSent,
    "429-storm": NotSent,
    "503-bare": Unconfirmed,
    "500-not-stored": Unconfirmed,
    "502-html": Unconfirmed,
    "garbage-200": Unconfirmed,
    "200-error-body": Unconfirmed,
    "reset-before": Unconfirmed,
}
STORED = {
    "ok": Receipt,
    "201-then-404": Receipt,
    "double-answer": Receipt,
    "500-stored": Unconfirmed,
    "reset-after": Unconfirmed,
    "hang-after-accept": Unconfirmed,
    "close-mid-headers": Unconfirmed,
    "truncated-json": Unconfirmed,
    "empty-200": Unconfirmed,
    "id-missing": Unconfirmed,
    "id-null": Unconfirmed,
}


@dataclass(frozen=True)
class Stage:
    """One network's stand-in, and which of its requests publishes."""

    slug: str
    fake: Callable[[], Strict]
    remote_id: str
    ends: str  # how the path of the publishing request ends
    says: Mapping[str, Reply] = field(default_factory=dict)
    media: bool = False
    means: Mapping[str, type[Receipt] | type[SendError]] = field(default_factory=dict)  # where it differs from the rest


def _x(status: int, detail: str) -> Reply:
    return Reply(status, {"detail": detail, "title": "No", "type": "about:blank", "status": status})


URN = "Content is a duplicate of urn:li:share:6930000000000000001"
GRAPH = {
    "401-expired": meta.trouble(190, subcode=463, status=401),
    "401-forever": meta.trouble(190, status=401),
    "401-revoked": meta.trouble(190, subcode=458),
    "403-suspended": meta.trouble(368, "You are blocked"),
    "403-duplicate": meta.trouble(506, "Duplicate status message"),
    "422-duplicate-urn": meta.trouble(506, "Duplicate status message"),
    "400-validation": meta.trouble(100, "Invalid parameter"),
}
STAGES = [
    Stage("x", x.X, x.USER, "/2/tweets", {"403-duplicate": _x(403, "create a Tweet with duplicate content.")},
          means={"422-duplicate-urn": Refused}),
    Stage("linkedin", linkedin.LinkedIn, linkedin.ME, "/rest/posts",
          {"empty-200": Reply(201, None), "403-duplicate": Reply(422, {"status": 422, "message": URN})}),
    Stage("linkedin_page", linkedin.LinkedIn, linkedin.PAGE, "/rest/posts",
          {"empty-200": Reply(201, None), "403-duplicate": Reply(422, {"status": 422, "message": URN})}),
    Stage("facebook", facebook.Facebook, facebook.PAGE, "/feed", GRAPH),
    Stage("instagram", instagram.Instagram, instagram.ME, "/media_publish", GRAPH, media=True),
    Stage("threads", threads.Threads, threads.ME, "/threads_publish", GRAPH),
]  # fmt: skip
# LinkedIn puts the id of a post into a header and nothing into the body, so what breaks the body breaks no proof.
IN_A_HEADER = {"truncated-json", "id-missing", "id-null"}


@pytest.mark.parametrize("stage", STAGES, ids=lambda stage: stage.slug)
@pytest.mark.parametrize("fault", [*NOTHING, *STORED])
def test_a_fault_ends_in_exactly_one_kind_of_knowledge(stage: Stage, fault: str) -> None:
    fake = stage.fake()
    line = Troubled(fake, fault, lambda request: _publishes(stage, request), stage.says)
    to = Account(line.url, "@atelier", stage.remote_id, {"access_token": "token-1"}, deadline=_patience(fault))
    outcome = _outcome(stage, to, _a_message(stage))
    expected = stage.means.get(fault) or {**NOTHING, **STORED}[fault]
    assert isinstance(outcome, expected), outcome
    if isinstance(outcome, Refused):
        assert outcome.duplicate is ("duplicate" in fault and (stage.slug != "x" or fault == "403-duplicate"))
    stored = fault in STORED and fault not in stage.says
    assert len(fake.posts) == int(stored)  # type: ignore[attr-defined]
    line.close()


NONSENSE: list[object] = [
    None, [], "x", 7, {"data": "none"}, {"data": [1]}, {"data": "none", "meta": {}}, {"data": [7], "meta": {}},
    {"data": [{"id": 1, "text": 2}], "meta": {}}, {"data": [{"created_time": 7}]}, {"elements": "none"},
    {"elements": [1]}, {"status": []}, {"status_code": 7}, {"error": "no"}, {"error": {"code": "7"}},
]  # fmt: skip


@pytest.mark.parametrize("stage", STAGES, ids=lambda stage: stage.slug)
def test_from_nonsense_nothing_follows(stage: Stage) -> None:
    """Taken for an empty timeline it would have the post sent twice."""
    fake = stage.fake()
    network = NETWORKS[stage.slug]
    to = Account(fake.url, "@atelier", stage.remote_id, {"access_token": "token-1"}, deadline=5.0)
    for told in NONSENSE:
        container = dict.fromkeys(("container", "container 0"), "- 1")
        sent = replace(_a_message(stage), steps=Notebook(container))
        fake.in_the_way = [Reply(200, told)]
        assert isinstance(network.find(to, sent), Unknown), told
        fake.in_the_way = [Reply(200, told)]
        with suppress(SendError):
            assert network.measure(to, ["104_1"]) in ({}, {"104_1": Reactions()}), told
    fake.close()


def _a_message(stage: Stage) -> Message:
    media = (image("a.jpg", url="https://media.example/a.jpg"),) if stage.media else ()
    return replace(message(), media=media, steps=Notebook({}))


def _outcome(stage: Stage, to: Account, sent: Message) -> Receipt | SendError:
    try:
        return NETWORKS[stage.slug].publish(to, sent)
    except SendError as error:
        return error


def _publishes(stage: Stage, request: Request) -> bool:
    return request.method == "POST" and request.path.endswith(stage.ends)


def _patience(fault: str) -> float:
    return 0.4 if fault == "hang-after-accept" else 5.0
