"""What the composer works with: its form, the dry run of what stands in it, and what its button would do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Exists, Max, OuterRef, Prefetch, Q
from django.urls import reverse
from django.utils.functional import cached_property

from guards.catalogue import RULES
from notices.sentences import Sentence, say
from posts import along as takes
from posts.forms import AS_PLANNED, PostForm
from posts.models import Category, Channel, Post
from posts.networks import NETWORKS
from posts.writing import Content
from scheduler.candidates import repeat_of
from scheduler.check import Draft, check
from scheduler.free_time import next_free_time
from scheduler.preview import Preview, previews
from scheduler.shell import pause_of_everything
from scheduler.slots import Timetable
from scheduler.strip import Strip, strip
from teams.models import User, Workspace

_WORDS = {"now": say("Publish now"), "once": say("Put into the queue"), "evergreen": say("Put into the queue")}


@dataclass(frozen=True)
class Button:
    """What pressing it will do, or why it cannot."""

    label: Sentence
    reason: Sentence | None = None


@dataclass(frozen=True)
class Pick:
    """A channel to tick, with its own count of what is written."""

    channel: Channel
    ticked: bool
    length: int
    text: str
    with_files: bool = False

    @property
    def over(self) -> bool:
        return self.length > self.most

    @property
    def most(self) -> int:
        return self.channel.limits.longest(with_media=self.with_files)


@dataclass(frozen=True)
class Part:
    """A further post of the thread, as it stands in its field, and how each network counts it."""

    number: int
    text: str
    counts: list[tuple[str, int, int]]  # channel, length, most


class Composer:
    """One form of one person, new (`post` None) or of a post that exists."""

    def __init__(self, workspace: Workspace, user: User, now: datetime, post: Post | None = None) -> None:
        self.workspace, self.user, self.now, self.post = workspace, user, now, post
        takes.load([post] if post else [])

    def form(self, data: Any = None) -> PostForm:
        return PostForm(
            data,
            workspace=self.workspace,
            channels=self.channels,
            categories=self.categories,
            now=self.now,
            post=self.post,
            ticked=self._last_used,
        )

    @cached_property
    def channels(self) -> list[Channel]:
        mine = Post.objects.filter(pk=self.post.pk if self.post else 0, channels=OuterRef("pk"))
        rows = self.workspace.channels.annotate(
            last=Max("posts__pk", filter=Q(posts__author=self.user)), chosen=Exists(mine)
        )
        return [one for one in rows if one.state != Channel.State.DISCONNECTED or one.chosen]

    @cached_property
    def categories(self) -> list[Category]:
        return list(self.workspace.categories.all())

    def free(self, channels: Sequence[Channel], category: Category | None = None) -> datetime:
        return next_free_time(self.workspace, channels, self.now, category.pk if category else None)

    def content(self, form: PostForm) -> Content:
        """What the form says, as far as it can be read."""
        form.is_valid()
        given = form.cleaned_data
        return form.content(self.free(given.get("channels") or [], given.get("category")))

    def context(self, form: PostForm, content: Content | None = None, seen: Strip | None = None) -> dict[str, Any]:
        """All that the page and the live fragment show."""
        when, slug = form["when"].value(), self.workspace.slug
        ticked = {str(pk) for pk in form["channels"].value() or []}
        free = None
        if not form.planned and (content or not self.post):
            free = content.starts_at if content and when == "free" else None
            free = free or self.free([one for one in self.channels if str(one.pk) in ticked])
        shown = content or (Content.of(self.post) if self.post else None)
        picks = self._picks(ticked, shown)
        return {
            "form": form,
            "post": self.post,
            "strip": seen,
            "picks": picks,
            "previews": self._previews(picks, shown),
            "parts": self._parts(form, picks),
            "threads": any(one.limits.parts > 1 for one in self.channels) or form.taking.parts,
            "own_files": self._own_files(form),
            "language": form["language"].value(),
            "button": self._button(when, seen),
            "free": free,
            "starts_at": content.starts_at if content else None,
            "slotless": self._slotless(content) if content and content.queue else [],
            "fix_url": reverse("edit", args=[slug, self.post.pk]) if self.post else reverse("compose", args=[slug]),
            "zone": zone_name(self.workspace.zone, self.now),
        }

    def _previews(self, picks: Sequence[Pick], content: Content | None) -> list[Preview]:
        ticked = [pick.channel for pick in picks if pick.ticked and pick.text]
        return previews(content, ticked, self.workspace, self.now) if content and ticked else []

    def _own_files(self, form: PostForm) -> list[dict[str, Any]]:
        """For each network that may have others than the rest."""
        return [
            {"network": network, "name": NETWORKS[network].name, "files": files, "field": files.field,
             "no_thread": network in form.taking.own_parts}
            for network, files in form.taking.own_files.items()
            if f"version_{network}" in form.fields
        ]  # fmt: skip

    def _parts(self, form: PostForm, picks: Sequence[Pick]) -> list[Part]:
        threaded = [one.channel for one in picks if one.ticked and one.channel.limits.parts > 1]
        return [
            Part(
                number,
                text,
                [(one.name, one.connector.length(text), one.limits.max_length) for one in threaded],
            )
            for number, text in enumerate(form.taking.parts, 1)
        ]

    def looked_at(self, content: Content) -> Strip:
        """The dry run; a post that is still empty is looked at for nothing."""
        draft = Draft(
            text=content.text,
            language=content.language,
            channels=content.channels if content.text else [],
            category_id=content.category.pk if content.category else None,
            starts_at=content.starts_at,
            expires_at=content.expires_at,
            repeat=repeat_of(content.rule),
            versions=content.versions,
            variations=content.variations,
            post_id=self.post.pk if self.post else None,
            queue=content.queue,
            along=content.along,
        )
        (outcome,) = check(self.workspace, [draft], self.now)
        return strip(outcome, self.workspace, self.now)

    def _slotless(self, content: Content) -> list[Channel]:
        """The chosen channels on which no slot takes it."""
        timetable = Timetable({channel.pk for channel in content.channels})
        category, zone = content.category.pk if content.category else None, self.workspace.zone
        return [one for one in content.channels if timetable.first(one.pk, category, self.now, zone) is None]

    @cached_property
    def paused(self) -> bool:
        return pause_of_everything(self.workspace, self.now) is not None

    def _button(self, when: str, seen: Strip | None) -> Button:
        if when == "draft":
            return Button(say("Save draft"))
        if when == AS_PLANNED:
            return Button(say("Save changes"), _blocked(seen))
        word = _WORDS.get(when, say("Schedule"))
        if seen and not seen.outcome.draft.queue and (seen.held or seen.stopped) and not (seen.blocked or self.paused):
            word = _counted(seen)
        # The page that nothing is written on yet knows of a pause from its own frame.
        paused = seen is not None and self.paused
        return Button(say("{word} (paused)", word=word) if paused else word, _blocked(seen))

    def _picks(self, ticked: set[str], content: Content | None) -> list[Pick]:
        picks = []
        for channel in self.channels:
            text = (content.versions.get(channel.network) or content.text) if content else ""
            files = bool(content and content.along.media_on(channel.network))
            picks.append(Pick(channel, str(channel.pk) in ticked, channel.connector.length(text), text, files))
        return picks

    @property
    def _last_used(self) -> list[int]:
        """The channels of this person's last post."""
        posts = {one.pk: one.last for one in self.channels if one.last}  # type: ignore[attr-defined]
        return [pk for pk, post in posts.items() if post == max(posts.values())]


def for_composer(workspace: Workspace) -> Any:
    """Posts with all that the composer shows of them."""
    return workspace.posts.select_related("rule", "category", "workspace").prefetch_related(
        Prefetch("channels", Channel.objects.order_by("name")), "versions", "variations"
    )


def zone_name(zone: ZoneInfo, now: datetime) -> str:
    """Its place and its distance from Greenwich now: Paris, GMT+1."""
    place = zone.key.rsplit("/", 1)[-1].replace("_", " ")
    minutes = int((now.astimezone(zone).utcoffset() or timedelta()).total_seconds() // 60)
    hours, rest = divmod(abs(minutes), 60)
    offset = f"{'+' if minutes >= 0 else '−'}{hours}{f':{rest:02}' if rest else ''}" if minutes else ""
    return place if place in ("UTC", "GMT") else f"{place}, GMT{offset}"


def _counted(seen: Strip) -> Sentence:
    passing = len(seen.days) - seen.held - seen.stopped
    if seen.stopped and seen.held:
        return say(
            "Schedule {passing}, {held} held, {stopped} stopped", passing=passing, held=seen.held, stopped=seen.stopped
        )
    if seen.stopped:
        return say("Schedule {passing}, {stopped} stopped", passing=passing, stopped=seen.stopped)
    if not passing:
        return say("Schedule, held at first")
    return say("Schedule {passing}, {held} held", passing=passing, held=seen.held)


def _blocked(seen: Strip | None) -> Sentence | None:
    if seen is None or not seen.blocked:
        return None
    deciding = seen.outcome.verdict.deciding
    return say("A guard stops this: {guard}.", guard=RULES[deciding.guard].title) if deciding else None
