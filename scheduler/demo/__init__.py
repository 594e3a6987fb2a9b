"""The demo workspace: written once into a database, with a past that the guards have judged and a busy first minute."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from guards.models import GuardSetting
from notices.sentences import say
from posts import along as takes
from posts.along import Along
from posts.content import clean
from posts.media import library
from posts.models import Category, Channel, Media, Post, RepeatRule, Variation
from posts.sandbox.ledger import Ledger
from scheduler import queue, slots
from scheduler.demo import pictures
from scheduler.demo.past import live_through
from scheduler.demo.story import Story, Telling, tell
from scheduler.plan import extend, forget, plan
from scheduler.record import record
from scheduler.schedule import schedule, stop
from teams.models import Membership, User, Workspace

SLUG = "demo"
EMAIL = "demo@refrain.example"


@dataclass(frozen=True)
class Told:
    """A post of the story, and what became of it in the database."""

    telling: Telling
    post: Post
    author: User


def seed_if_empty(now: datetime, ledger: Ledger) -> User | None:
    """Make the demo workspace on a database without people. Returns the person to sign in, if there is one."""
    if not User.objects.exists():
        seed(now, ledger)
    return person() or User.objects.filter(is_active=True).order_by("pk").first()


def person() -> User | None:
    """The one who owns the demo workspace."""
    return User.objects.filter(email=EMAIL, is_active=True).first()


def seed(now: datetime, ledger: Ledger) -> Workspace | None:
    """Add the demo workspace, whole or not at all. None: it is there already."""
    with transaction.atomic():
        if Workspace.objects.filter(slug=SLUG).exists():
            return None
        story = tell(now)
        workspace = Workspace.objects.create(name="Atelier Martin", slug=SLUG, timezone=story.zone)
        people = _people(workspace)
        _settings(workspace, story)
        channels = _channels(workspace, story, now)
        told = [_write(workspace, telling, channels, people) for telling in story.posts]
        for one in told:
            _schedule(one)
        extend(now)
        for one in told:
            _take_back(one)
        tellings = {one.post.pk: one.telling for one in told}
        answers = {channel.pk: story.channels[key].get("answers", "") for key, channel in channels.items()}
        live_through(tellings, answers, people, now, ledger)
        for one in told:
            _stop(one, people)
        _slots(channels, story, people["marie"], now)
        queue.fill(workspace, now)
    return workspace


def _people(workspace: Workspace) -> dict[str, User]:
    names = {"marie": ("Marie Martin", EMAIL, "owner"), "hugo": ("Hugo Lefèvre", "hugo@refrain.example", "approver")}
    people = {}
    for key, (name, email, role) in names.items():
        people[key] = User.objects.filter(email=email).first() or User.objects.create_user(email, name=name)
        Membership.objects.create(user=people[key], workspace=workspace, role=role)
    return people


def _settings(workspace: Workspace, story: Story) -> None:
    for name, colour in story.categories.items():
        Category.objects.create(workspace=workspace, name=name, colour=colour)
    # Quiet hours for one category only: whoever starts the demo at night is to see something go out.
    events = Category.objects.get(workspace=workspace, name="Events")
    blackout = [story.blackout.isoformat()]
    quiet = {"start": "21:00", "end": "08:00", "blackout": blackout}
    for guard, category, options in (
        ("retired_name", None, {"names": story.retired}),
        ("quiet_time", None, {"blackout": blackout}),
        ("quiet_time", events, quiet),
    ):
        GuardSetting.objects.create(workspace=workspace, category=category, guard=guard, action="hold", options=options)


def _channels(workspace: Workspace, story: Story, now: datetime) -> dict[str, Channel]:
    since = min(post.written for post in story.posts)
    return {
        key: Channel.objects.create(
            workspace=workspace, network=told["network"], handle=told["handle"], name=told["name"], created_at=since
        )
        for key, told in story.channels.items()
    }


def _slots(channels: dict[str, Channel], story: Story, user: User, now: datetime) -> None:
    for one in story.slots:
        channel = channels[one["channel"]]
        category = Category.objects.filter(workspace=channel.workspace_id, name=one.get("category")).first()
        slots.add(channel, one["weekdays"], one["at"], category, user, now)


def _write(workspace: Workspace, telling: Telling, channels: dict[str, Channel], people: dict[str, User]) -> Told:
    author = people[telling.author]
    post = Post.objects.create(
        workspace=workspace, author=author, text=clean(telling.text), language=telling.language,
        category=Category.objects.filter(workspace=workspace, name=telling.category).first(),
        starts_at=telling.starts_at, expires_at=telling.expires_at, queue=telling.queue,
        reviewed_at=telling.reviewed_at, created_at=telling.written,
    )  # fmt: skip
    post.channels.set([channels[key] for key in telling.channels])
    if telling.repeat:
        post.rule = RepeatRule.objects.create(post=post, **telling.repeat)
    Variation.objects.bulk_create(
        Variation(post=post, position=position, text=clean(text)) for position, text in enumerate(telling.variations)
    )
    takes.write(post, Along(rest=telling.thread, media=tuple(_pictures(telling, workspace, author))))
    return Told(telling, post, author)


def _pictures(telling: Telling, workspace: Workspace, author: User) -> Iterator[Media]:
    for told in telling.pictures:
        source = io.BytesIO(pictures.draw(told["motif"]))
        media = library.keep(workspace, source, f"{told['motif']}.jpg", author, telling.written)
        media.alt = told["alt"]
        media.save(update_fields=["alt"])
        yield media


def _schedule(told: Told) -> None:
    """As it was done on the day on which it was written."""
    post, then = told.post, told.telling.written
    if post.starts_at is None:
        return
    if told.telling.imported:
        # No guard would let a person schedule this. It comes from a tool that asked nobody.
        post.status = Post.Status.ACTIVE
        post.save(update_fields=["status"])
        plan([post], then)
        record(told.author, then, [("imported", post, say("imported “{title}”", title=post.title))])
    else:
        schedule([post], told.author, then)
    if then < post.reviewed_at:
        kept = say("looked at “{title}” and kept it", title=post.title)
        record(told.author, post.reviewed_at, [("changed", post, kept)])


def _take_back(told: Told) -> None:
    """What was planned for after the end of a series never was."""
    if told.telling.stopped:
        forget(told.post, told.telling.stopped.at)


def _stop(told: Told, people: dict[str, User]) -> None:
    if stopped := told.telling.stopped:
        status = Post.Status.RETIRED if stopped.retired else Post.Status.STOPPED
        stop(told.post, people[stopped.by], stopped.at, status)
