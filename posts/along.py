"""What a post takes along besides its words: the further posts of its thread, and files, for all networks or one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from posts.models import Attached, Media, Post, Version


@dataclass(frozen=True)
class Along:
    """`own_…` go by network, and take the place of the others there, even when they are empty."""

    rest: tuple[str, ...] = ()
    media: tuple[Media, ...] = ()
    own_rest: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    own_media: Mapping[str, tuple[Media, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, post: Post) -> Along:
        """No query for a post that has no files."""
        own = [one for one in post.texts_by_network if one.rest is not None or one.own_media]
        if not (own or post.rest or post.attached):
            return NOTHING
        files: defaultdict[str, list[Media]] = defaultdict(list)
        for row in post.files:
            files[row.network].append(row.media)
        return cls(
            rest=tuple(post.rest),
            media=tuple(files[""]),
            own_rest={one.network: tuple(one.rest) for one in own if one.rest is not None},
            own_media={one.network: tuple(files[one.network]) for one in own if one.own_media},
        )

    def rest_on(self, network: str) -> tuple[str, ...]:
        return self.own_rest.get(network, self.rest)

    def media_on(self, network: str) -> tuple[Media, ...]:
        return self.own_media.get(network, self.media)

    @property
    def words(self) -> dict[str, Any]:
        """All of it that says something, for the digest of an approval; nothing where there is nothing."""
        told = {
            "rest": list(self.rest),
            "media": _told(self.media),
            "own_rest": sorted((network, list(rest)) for network, rest in self.own_rest.items()),
            "own_media": sorted((network, _told(media)) for network, media in self.own_media.items()),
        }
        return {name: value for name, value in told.items() if value}

    @property
    def networks(self) -> set[str]:
        return {*self.own_rest, *self.own_media}


NOTHING = Along()


def load(posts: Iterable[Post]) -> None:
    """Read the files of many posts at once; no query when none of them has any."""
    wanted = [post for post in posts if post.attached]
    by_post: defaultdict[int, list[Attached]] = defaultdict(list)
    rows = Attached.objects.filter(post__in={post.pk for post in wanted}).select_related("media")
    for row in rows if wanted else ():
        by_post[row.post_id].append(row)
    for post in wanted:
        post.__dict__["listed_files"] = by_post[post.pk]


def write(post: Post, along: Along) -> None:
    """Put it into the saved post, whose versions stand already."""
    Attached.objects.filter(post=post).delete()
    rows = [
        Attached(post=post, media=media, network=network, position=position)
        for network, files in {"": along.media, **along.own_media}.items()
        for position, media in enumerate(files)
    ]
    Attached.objects.bulk_create(rows)
    post.rest, post.attached = list(along.rest), len(rows)
    post.__dict__.pop("listed_files", None)
    getattr(post, "_prefetched_objects_cache", {}).pop("attachments", None)
    post.save(update_fields=["rest", "attached"])


def version(network: str, text: str, along: Along) -> Version:
    """What a network has of its own, not saved."""
    rest = along.own_rest.get(network)
    return Version(
        network=network, text=text, rest=None if rest is None else list(rest), own_media=network in along.own_media
    )


def _told(media: Sequence[Media]) -> list[list[str]]:
    return [[one.sha256, one.alt] for one in media]
