"""What a composer's form says that the post takes along: the parts of its thread, its files, and their descriptions."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from notices.sentences import Sentence, say
from posts.along import Along
from posts.content import clean, problems
from posts.media.library import described, fault_of
from posts.models import Media, Post
from teams.models import Workspace

MOST_PARTS = 24  # besides the first
MOST_FILES = 20
_PART = re.compile(r"part_([1-9][0-9]?)")


def part_names(data: Mapping[str, Any]) -> list[str]:
    """In the order of their numbers."""
    numbers = sorted(int(found[1]) for name in data if (found := _PART.fullmatch(name)))
    return [f"part_{number}" for number in numbers]


@dataclass(frozen=True)
class Files:
    """The files of one list of the form: the post's, or those of one network."""

    field: str
    media: list[Media]
    own: bool = True  # of a network: it has its own


class Taking:
    """`data` is what was sent, None: the form is fresh, and shows `post`. `networks` may have files of their own."""

    def __init__(self, data: Any, post: Post | None, workspace: Workspace, networks: list[str]) -> None:
        self._data, self._workspace, self._networks = data, workspace, networks
        self._before = Along.of(post) if post else Along()

    @cached_property
    def parts(self) -> list[str]:
        """As they stand in their fields, empty ones too."""
        if self._data is None:
            return list(self._before.rest)
        return [clean(self._data[name]) for name in part_names(self._data)][:MOST_PARTS]

    @cached_property
    def files(self) -> Files:
        return self._files("media")

    @cached_property
    def own_files(self) -> dict[str, Files]:
        return {network: self._files(f"media_{network}", network) for network in self._networks}

    @property
    def own_parts(self) -> list[str]:
        """The networks on which the thread is another one, or none."""
        if self._data is None:
            return sorted(self._before.own_rest)
        return [network for network in self._networks if self._data.get(f"own_rest_{network}")]

    def along(self) -> Along:
        return Along(
            rest=tuple(filter(None, self.parts)),
            media=tuple(self.files.media),
            own_rest={network: self._before.own_rest.get(network, ()) for network in self.own_parts},
            own_media={network: tuple(files.media) for network, files in self.own_files.items() if files.own},
        )

    def faults(self) -> Iterator[Sentence]:
        for part in filter(None, self.parts):
            yield from problems(part)
        for name, value in (self._data or {}).items():
            if name.startswith("alt_") and (fault := fault_of(value)):
                yield fault
        if len(self.files.media) > MOST_FILES:
            yield say("A post takes at most {most} files along.", most=MOST_FILES)

    def _files(self, field: str, network: str = "") -> Files:
        if self._data is None:
            known = self._before.own_media.get(network) if network else self._before.media
            return Files(field, list(known or ()), known is not None)
        order = list(dict.fromkeys(self._data.getlist(field)))
        own = not network or bool(self._data.get(f"own_media_{network}"))
        return Files(field, [self._known[pk] for pk in order if pk in self._known], own)

    @cached_property
    def _known(self) -> dict[str, Media]:
        """All files that the form names, in one query, with the descriptions that it gives them."""
        names = ["media", *(f"media_{network}" for network in self._networks)]
        wanted = {pk for name in names for pk in self._data.getlist(name) if pk.isascii() and pk.isdecimal()}
        if not wanted:
            return {}
        found = Media.objects.filter(workspace=self._workspace, pk__in=[pk for pk in wanted if len(pk) < 19])
        for one in found:
            if f"alt_{one.pk}" in self._data:
                one.alt = described(self._data[f"alt_{one.pk}"])
        return {str(one.pk): one for one in found}
