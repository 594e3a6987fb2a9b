"""Pictures, threads and cards arrive as they were pinned: fitted, described, in their order, and only once."""

from __future__ import annotations

import hashlib
import html
import io
import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from PIL import Image

from posts.along import Along
from posts.approvals import words_now, words_of
from posts.fitting import copy_of
from posts.links.find import key
from posts.media.library import keep
from posts.models import Channel, LinkHealth, Media, Post
from posts.models_media import media_storage
from posts.sandbox.server import Server
from posts.writing import Content, write
from scheduler import claims, publish
from scheduler.models import Publication
from scheduler.preview import previews
from scheduler.schedule import Stopped, schedule
from teams.models import Workspace
from tests.conftest import NOW
from tests.kit import a_post, arrivals, everything, only, run, some_places
from tests.posts.media import files

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings: Any) -> None:
    stored = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path / "media"}}
    settings.STORAGES = {**settings.STORAGES, "media": stored}
    settings.DATA = tmp_path


def a_file(workspace: Workspace, data: bytes, alt: str = "") -> Media:
    media = keep(workspace, io.BytesIO(data), "a.jpg", None, NOW)
    media.alt = alt
    media.save(update_fields=["alt"])
    return media


def along(post: Post, **takes: Any) -> Post:
    """The post with this along, begun at NOW."""
    write(post, replace(Content.of(post), starts_at=NOW, along=Along(**takes)))
    schedule([post], None, NOW)
    return post


def _bytes_of(media: Media) -> bytes:
    with media_storage().open(str(media.file.name)) as file:
        return bytes(file.read())


def arrived(sandbox: Server) -> list[dict[str, Any]]:
    return [row.takes for row in arrivals(sandbox)]


def test_pictures_arrive_in_their_order_with_their_descriptions(
    workspace: Workspace, channel: Channel, sandbox: Server
) -> None:
    small, large = a_file(workspace, files.picture(300, 200), "A sea."), a_file(workspace, files.picture(4000, 3000))
    post = along(a_post(workspace, channel), media=(large, small))
    assert run(NOW) == 1
    (takes,) = arrived(sandbox)
    assert [one["alt"] for one in takes["media"]] == ["", "A sea."]
    bodies = [sandbox.ledger.file(one["id"]) for one in takes["media"]]
    with Image.open(io.BytesIO(bodies[0][1])) as fitted:  # type: ignore[index]
        assert max(fitted.size) == 2048
        assert not fitted.getexif()
    assert bodies[1][1] == _bytes_of(small), "what fits goes as it is, to the byte"  # type: ignore[index]
    assert only(post).along == {"media": [[large.pk, ""], [small.pk, "A sea."]]}


def test_a_network_may_have_other_files_or_none(workspace: Workspace, channel: Channel, sandbox: Server) -> None:
    other = Channel.objects.create(workspace=workspace, network="sandbox_reading", handle="other", name="Other")
    media = a_file(workspace, files.picture())
    along(a_post(workspace, channel, other), media=(media,), own_media={"sandbox_reading": ()})
    run(NOW)
    by_place = {row.channel: row.takes for row in arrivals(sandbox)}
    assert (len(by_place["atelier"]["media"]), by_place["other"]) == (1, {})


def test_a_thread_arrives_whole(workspace: Workspace, channel: Channel, sandbox: Server) -> None:
    along(a_post(workspace, channel), rest=("The second part.", "And the third."))
    run(NOW)
    assert arrived(sandbox) == [{"rest": ["The second part.", "And the third."]}]


def test_the_card_of_a_link_is_what_the_link_check_saw(workspace: Workspace, channel: Channel, sandbox: Server) -> None:
    url = "https://example.com/guide"
    LinkHealth.objects.create(
        workspace=workspace,
        key=key(url),
        url=url,
        state="alive",
        title="The guide",
        description="All of it.",
        checked_at=NOW,
    )
    along(a_post(workspace, channel, text=f"Read {url}"))
    run(NOW)
    assert arrived(sandbox) == [{"card": {"url": url, "title": "The guide", "description": "All of it."}}]


def test_what_is_written_after_the_intent_changes_nothing(
    workspace: Workspace, channel: Channel, sandbox: Server
) -> None:
    media = a_file(workspace, files.picture(), "Pinned.")
    post = along(a_post(workspace, channel), media=(media,))
    claim = claims.claim_due(NOW, 10)
    assert claim
    errands = publish.decide(claim, NOW)
    Media.objects.update(alt="Written later.")
    write(post, replace(Content.of(post), along=Along(rest=("Added later.",))))
    publish.record(everything(errands, 1e12), NOW)
    assert [[one["alt"] for one in takes["media"]] for takes in arrived(sandbox)] == [["Pinned."]]


def test_a_thread_that_has_begun_goes_on_with_the_words_that_it_began_with(
    workspace: Workspace, channel: Channel, sandbox: Server
) -> None:
    """Seen to fail with the words pinned anew at every attempt."""
    post = along(a_post(workspace, channel, text="One."), rest=("Two.",))
    begun = {"text": "One.", "along": {"rest": ["Two."]}, "steps": {"part 1": '["7", ""]'}}
    Publication.objects.filter(post=post).update(**begun)
    write(post, replace(Content.of(post), text="Other words.", along=Along(rest=("And others.",))))
    run(NOW)
    assert [(row.text, row.takes) for row in arrivals(sandbox)] == [("One.", {"rest": ["Two."]})]


def test_uploads_of_other_files_are_forgotten_and_all_other_steps_kept(
    workspace: Workspace, channel: Channel, sandbox: Server
) -> None:
    media = a_file(workspace, files.picture())
    post = along(a_post(workspace, channel), media=(media,))
    earlier = {"along": {"media": [[media.pk + 1, ""]]}, "steps": {"file 1": "70", "file 1 sent": "7", "asked": "no"}}
    Publication.objects.filter(post=post).update(**earlier)
    run(NOW)
    assert only(post).steps == {"asked": "no"}


def test_files_that_are_gone_keep_the_post_from_leaving(
    workspace: Workspace, channel: Channel, sandbox: Server
) -> None:
    media = a_file(workspace, files.picture())
    post = along(a_post(workspace, channel), media=(media,))
    media_storage().delete(str(media.file.name))
    run(NOW)
    assert (only(post).state, arrivals(sandbox)) == ("failed", [])


def test_a_post_that_takes_nothing_along_costs_no_query_more(workspace: Workspace, sandbox: Server) -> None:
    """Seen to fail with the files of a batch read whether any post has one or not."""
    places = some_places(workspace, 6)

    def spent(*takes: dict[str, Any]) -> int:
        at = NOW + timedelta(days=len(Post.objects.all()))
        for place, one in zip(places, takes, strict=False):
            post = a_post(workspace, place, text=f"Text {place.pk} {at:%d %m}.")
            write(post, replace(Content.of(post), starts_at=at, along=Along(**one)))
            schedule([post], None, at)
        claim = claims.claim_due(at, 10)
        assert claim
        with CaptureQueriesContext(connection) as asked:
            publish.decide(claim, at)
        return sum("posts_attached" in query["sql"] or "posts_media" in query["sql"] for query in asked)

    media = a_file(workspace, files.picture())
    assert spent({}, {}) == 0
    assert spent(*[{"media": (media,)}] * 5) == 1


def test_an_approval_is_for_the_files_and_parts_too(workspace: Workspace, channel: Channel) -> None:
    post, media = a_post(workspace, channel), a_file(workspace, files.picture())
    seen = {words_of(post)}
    for takes in (
        {"media": (media,)},
        {"rest": ("More.",)},
        {"own_media": {"sandbox": ()}},
        {"own_rest": {"sandbox": ()}},
    ):
        assert write(post, replace(Content.of(post), along=Along(**takes)))
        fresh = Post.objects.get(pk=post.pk)
        assert words_now(fresh) == words_of(fresh)
        seen.add(words_of(fresh))
    write(post, replace(Content.of(post), along=Along(media=(media,))))
    before = words_of(Post.objects.get(pk=post.pk))
    Media.objects.update(alt="Described.")
    assert words_of(Post.objects.get(pk=post.pk)) != before
    assert len(seen) == 5


def test_what_will_not_fit_is_stopped_while_it_is_written(workspace: Workspace, channel: Channel) -> None:
    several = tuple(a_file(workspace, files.picture(100 + n, 100)) for n in range(5))
    post = a_post(workspace, channel)
    write(post, replace(Content.of(post), starts_at=NOW, along=Along(media=several)))
    with pytest.raises(Stopped) as stopped:
        schedule([post], None, NOW)
    assert [
        finding.message.values["most"]
        for _, finding in stopped.value.verdict.findings
        if "pictures" in finding.message.text
    ] == [4]


@pytest.mark.parametrize(
    "text",
    [
        "Plain.",
        "  two  spaces\n\n\nand lines",
        "Read https://example.com/a?b=1#c, @marie and #été 👩‍👩‍👧",
        "<b>&amp;</b>",
    ],
)
def test_the_preview_shows_to_the_letter_what_leaves(
    text: str, workspace: Workspace, channel: Channel, sandbox: Server
) -> None:
    media = a_file(workspace, files.picture(3000, 2000), "A description.")
    post = a_post(workspace, channel, text=text)
    write(post, replace(Content.of(post), text=text, starts_at=NOW, along=Along(media=(media,), rest=("Part two.",))))
    schedule([post], None, NOW)
    (shown,) = previews(Content.of(post), [channel], workspace, NOW)
    run(NOW)
    (row,) = arrivals(sandbox)
    assert [part.text for part in shown.parts] == [row.text, *row.takes["rest"]]
    assert _bare(shown.parts[0].marked) == row.text
    place = copy_of(media, channel.limits.media)
    assert place
    assert hashlib.sha256(place.read_bytes()).hexdigest() == row.takes["media"][0]["id"]


def _bare(marked: str) -> str:
    return html.unescape(re.sub(r"</?b[^>]*>", "", marked))
