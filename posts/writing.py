"""What somebody wrote, as plain data, and putting it into a post: whole, or not at all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.forms import model_to_dict

from posts import along as takes
from posts.along import Along
from posts.approvals import words, words_of
from posts.models import Category, Channel, Media, Post, RepeatRule, Variation, Version
from teams.models import User

NAMES = ("text", "language", "category", "starts_at", "expires_at", "queue")


@dataclass(frozen=True)
class Content:
    """A post without its fate. `versions` go by network; `rule` is not saved yet, None: no repeats."""

    text: str
    language: str
    channels: list[Channel]
    category: Category | None = None
    versions: Mapping[str, str] = field(default_factory=dict)
    variations: list[str] = field(default_factory=list)
    starts_at: datetime | None = None
    expires_at: datetime | None = None
    rule: RepeatRule | None = None
    queue: str = ""  # as Post.Queue; then `starts_at` is from when on it may go out
    along: Along = field(default_factory=Along)

    @classmethod
    def of(cls, post: Post) -> Content:
        return cls(
            text=post.text,
            language=post.language,
            channels=list(post.channels.all()),
            category=post.category,
            versions={version.network: version.text for version in post.versions.all() if version.text},
            variations=[variation.text for variation in post.variations.all()],
            starts_at=post.starts_at,
            expires_at=post.expires_at,
            rule=getattr(post, "rule", None),
            queue=post.queue,
            along=Along.of(post),
        )

    @property
    def words(self) -> str:
        """What an approval of it would be bound to."""
        return words(self.text, self.language, self.versions, self.variations, self.along)

    def says_the_same(self, other: Content) -> bool:
        """Whether nobody could tell the two apart, but for when they begin."""
        return self._compared() == other._compared()

    def planned_like(self, other: Content) -> bool:
        """Whether both have the same dates, or the same turns in the queue, on the same channels."""
        return self._dates() == other._dates()

    def _compared(self) -> tuple[object, ...]:
        channels = {channel.pk for channel in self.channels}
        return self.words, channels, self.category, self.expires_at, self.queue, _fields(self.rule)

    def _dates(self) -> tuple[object, ...]:
        return {channel.pk for channel in self.channels}, self.starts_at, self.queue, _fields(self.rule)


def write(post: Post, content: Content, by: User | None = None) -> bool:
    """Put the content into the post and save it, with the time of its review. The revision is the caller's business.

    A person's word that the text is fine until some day was given for that text, and ends with it. Returns whether
    the words are others now; then they are `by`'s.
    """
    with transaction.atomic():
        changed = [*NAMES, "reviewed_at", "updated_at"]
        reworded = not _says(post, content)
        if reworded:
            post.fine_until, post.worded_by = None, by or post.worded_by
            changed += ["fine_until", "worded_by"]
        for name in NAMES:
            setattr(post, name, getattr(content, name))
        post.save(update_fields=changed)
        post.channels.set(content.channels)
        if reworded:
            _write_texts(post, content)
        _write_rule(post, content.rule)
    return reworded


def _says(post: Post, content: Content) -> bool:
    return words_of(post) == content.words


def _write_texts(post: Post, content: Content) -> None:
    _describe(content.along)
    post.versions.all().delete()
    post.variations.all().delete()
    networks = sorted({*content.versions, *content.along.networks})
    own = [takes.version(network, content.versions.get(network, ""), content.along) for network in networks]
    for version in own:
        version.post = post
    Version.objects.bulk_create(own)
    Variation.objects.bulk_create(
        Variation(post=post, position=position, text=text) for position, text in enumerate(content.variations)
    )
    # What was read with the post is older than what is written now.
    for name in ("versions", "variations"):
        getattr(post, "_prefetched_objects_cache", {}).pop(name, None)
    takes.write(post, content.along)


def _describe(along: Along) -> None:
    """Descriptions that were written with the post belong to the files, wherever else these are used."""
    files = {one.pk: one for some in (along.media, *along.own_media.values()) for one in some}
    Media.objects.bulk_update(files.values(), ["alt"])


def _write_rule(post: Post, rule: RepeatRule | None) -> None:
    if rule is None:
        RepeatRule.objects.filter(post=post).delete()
        post._state.fields_cache.pop("rule", None)
        return
    saved, _ = RepeatRule.objects.update_or_create(post=post, defaults=_fields(rule))
    post.rule = saved


def _fields(rule: RepeatRule | None) -> dict[str, object]:
    return model_to_dict(rule, exclude=["id", "post"]) if rule else {}
