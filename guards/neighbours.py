"""What was said on a channel, and the search in it for what is much like a text: each text is sketched once."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import overload

from guards.likeness import SAME_LINK, least, reaches
from guards.prepared import prepared
from guards.sketches import Reach, Sketch, hopeless, sketch, slots

TINY = 1e-9  # what is left over when numbers are rounded
LIKELIEST = 30  # texts, some 20 µs each


@dataclass(frozen=True)
class Neighbour:
    """What another post said on this channel, in other words than the candidate's."""

    text: str
    at: datetime
    post: int | None = None


@dataclass(frozen=True)
class Like:
    neighbour: Neighbour
    likeness: float


class Saying:
    """One text that was said, with its sketch once somebody has looked for its like."""

    __slots__ = ("_sketch", "at", "fingerprint", "post", "text")

    def __init__(self, text: str, at: datetime, post: int | None, fingerprint: str) -> None:
        self.text, self.at, self.post, self.fingerprint = text, at, post, fingerprint
        self._sketch: Sketch | None = None

    @property
    def sketch(self) -> Sketch:
        if self._sketch is None:
            self._sketch = sketch(self.text)
        return self._sketch


class Sayings:
    """All that was said on one channel, in the order of time."""

    def __init__(self, said: Iterable[Saying] = ()) -> None:
        """`said` is in that order already."""
        self.all = list(said)
        self.ats = [one.at for one in self.all]
        self._sketches: list[Sketch] = []

    def say(self, saying: Saying) -> None:
        place = bisect_right(self.ats, saying.at)
        self.all.insert(place, saying)
        self.ats.insert(place, saying.at)
        self._known |= {saying.post, saying.fingerprint}
        if self._sketches:
            self._sketches.insert(place, saying.sketch)

    @cached_property
    def _known(self) -> set[int | str | None]:
        return {known for one in self.all for known in (one.post, one.fingerprint)}

    def of(self, start: int, end: int, post: int | None, own: Collection[str]) -> frozenset[int]:
        """The places of what this post said, or anybody in these very words."""
        if (post is None or post not in self._known) and self._known.isdisjoint(own):
            return frozenset()
        return frozenset(
            place
            for place in range(start, end)
            if self.all[place].fingerprint in own or (post is not None and self.all[place].post == post)
        )

    def sketches(self, start: int, end: int) -> list[Sketch]:
        if not self._sketches:
            self._sketches = [one.sketch for one in self.all]
        return self._sketches[start:end]


@dataclass(frozen=True, eq=False)
class Neighbours(Sequence[Neighbour]):
    """Some of the sayings, oldest first. Good until something more is said."""

    sayings: Sayings = field(default_factory=Sayings)
    start: int = 0
    end: int = 0
    left_out: frozenset[int] = frozenset()  # places

    @classmethod
    def these(cls, *neighbours: Neighbour) -> Neighbours:
        sayings = Sayings()
        for near in neighbours:
            sayings.say(Saying(near.text, near.at, near.post, ""))
        return cls(sayings, 0, len(neighbours))

    def between(self, after: datetime, before: datetime) -> Neighbours:
        """Those said after and before these times, both excluded."""
        ats = self.sayings.ats
        start = bisect_right(ats, after, self.start, self.end)
        return replace(self, start=start, end=bisect_left(ats, before, start, self.end))

    def unless(self, until: datetime, over: Callable[[datetime], bool]) -> Neighbours:
        """Without those, up to a time, that are over."""
        doubtful = range(self.start, bisect_right(self.sayings.ats, until, self.start, self.end))
        return replace(self, left_out=self.left_out.union(n for n in doubtful if over(self.sayings.ats[n])))

    def texts(self) -> int:
        """How many different ones."""
        return len({self.sayings.all[place].text for place in self._places()})

    def alike(self, text: str, related: float, same: float) -> list[Like]:
        """Who says the same, all of them, or else who comes nearest of those worth a look; each text at its latest.

        Of those that can only be worth a look the likeliest are compared: on a channel of one template all could be.
        """
        lowest = min(related, same)
        if hopeless(text, self.sayings.sketches(self.start, self.end), lowest, lowest - SAME_LINK):
            return []
        mine = prepared(text)
        found: list[Like] = []
        best = 0.0
        for number, (most, place, shared) in enumerate(sorted(self._hopeful(text, related, same), reverse=True)):
            enough = min(best, same) - TINY
            if most < enough or (most < same - TINY and number >= LIKELIEST):
                break
            near = self._at(place)
            other = prepared(near.text)
            wanted = max(min(least(mine.links, other.links, related), same), enough)
            if (likeness := reaches(mine, other, wanted, shared + TINY)) is not None:
                found.append(Like(near, likeness))
                best = max(best, likeness)
        return found

    def _hopeful(self, text: str, related: float, same: float) -> Iterator[tuple[float, int, float]]:
        """How much like it each text could be, at most, where that is enough; and how much they share, at most."""
        mine = prepared(text)
        sketches = self.sayings.sketches(self.start, self.end)
        reach, wanted = Reach(mine), min(related, same)
        enough = dict.fromkeys(reach.among(sketches, wanted), wanted)
        if shared := slots(mine.links):
            wanted = min(least(mine.links, mine.links, related), same)
            linked = [place for place, its in enumerate(sketches) if its.links & shared]
            there = reach.among([sketches[place] for place in linked], wanted)
            enough |= {linked[place]: wanted for place in there}
        told: set[str] = set()
        for near in sorted(enough, reverse=True):
            said = self.sayings.all[self.start + near].text
            if said in told or self.start + near in self.left_out:
                continue
            told.add(said)
            together = reach.shared(sketches[near])
            most = reach.most(sketches[near], together)
            if most >= enough[near] - TINY:
                yield most, self.start + near, together

    def _places(self) -> list[int]:
        return [place for place in range(self.start, self.end) if place not in self.left_out]

    def _at(self, place: int) -> Neighbour:
        said = self.sayings.all[place]
        return Neighbour(said.text, said.at, said.post)

    def __len__(self) -> int:
        return len(self._places())

    @overload
    def __getitem__(self, place: int) -> Neighbour: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Neighbour]: ...
    def __getitem__(self, place: int | slice) -> Neighbour | Sequence[Neighbour]:
        places = self._places()[place]
        return self._at(places) if isinstance(places, int) else [self._at(one) for one in places]
