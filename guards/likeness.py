"""How alike two posts are, from 0 to 1: the same words count for, another name, number or day in their place against.

What two texts share is measured in letter triples, so that a typo or an ending changes little. What one says
beyond the other weighs less than what each says in the other's stead (Tversky's index): a text that was cut
short is still that text. Posts made from one template share nearly all their words and differ in the message:
for each kind of slot that they fill differently, a quarter is taken off.
"""

from __future__ import annotations

from guards.prepared import STEM, Prepared

SAME = 0.85  # from here on a reader would call them the same post
RELATED = 0.60  # from here on a person had better look at both
SAME_LINK = 0.15  # less is enough when both lead to the same page
TWIN = 0.95  # an edit that changes nothing
FEW = 2  # letters, in one place: a typo, however short the text

SLOT = 0.25
# A capital where every word has one may be a name or not: enough to ask a person, not to rule a copy out.
MAYBE_NAME = 0.15


def similarity(one: Prepared, other: Prepared) -> float:
    """0: nothing in common; 1: the same text. Symmetric."""
    return reaches(one, other, 0.0) or 0.0


def reaches(one: Prepared, other: Prepared, wanted: float, shared: float = 1.0) -> float | None:
    """The similarity, if it is no less than wanted. That the index of what they share is not above `shared` helps."""
    if one.plain == other.plain:
        return 1.0
    against = SLOT * (_facts_differ(one, other) + _differ(one.names, other.names, one, other))
    against += MAYBE_NAME * _differ(one.maybe_names, other.maybe_names, one, other)
    if shared - against < wanted:
        return None
    alike = index(one.triples.shared(other.triples), one.triples.size, other.triples.size)
    likeness = min(max(alike - against, 0.0), 0.99)
    return likeness if likeness >= wanted else None


def worth_a_look(one: Prepared, other: Prepared, related: float = RELATED) -> bool:
    """Would a person want to see the two side by side?"""
    return similarity(one, other) >= least(one.links, other.links, related)


def twins(one: Prepared, other: Prepared) -> bool:
    """Is one the other, edited: a typo mended, a sign put right?"""
    if similarity(one, other) >= TWIN:
        return True
    longer = max(len(one.plain), len(other.plain))
    return not _facts_differ(one, other) and _changed(one.plain, other.plain) <= max(FEW, (1 - TWIN) * longer)


def least(one: frozenset[str], other: frozenset[str], related: float = RELATED) -> float:
    """The similarity from which on posts with these links are worth a look: less when they lead to the same page."""
    return related - SAME_LINK if one & other else related


def index(shared: int, one: int, other: int) -> float:
    """Tversky's index, symmetric as Jimenez, Becerra and Gelbukh (2013) have it.

    What one has more (besides) weighs 1/3, what both have instead of each other 2/3, which comes to this.
    """
    return 3 * shared / (2 * min(one, other) + max(one, other)) if shared else 0.0


def _facts_differ(one: Prepared, other: Prepared) -> int:
    """How many of these each side has otherwise than the other: whom, how many or when, and which page."""
    mentions = bool(one.mentions - other.mentions) and bool(other.mentions - one.mentions)
    numbers = bool(one.numbers - other.numbers) and bool(other.numbers - one.numbers)
    pages = bool(one.pages) and bool(other.pages) and not one.links & other.links
    return mentions + numbers + pages


def _differ(names: frozenset[str], its: frozenset[str], one: Prepared, other: Prepared) -> bool:
    return _lacks(other, names) and _lacks(one, its)


def _lacks(text: Prepared, names: frozenset[str]) -> bool:
    """Is one of the names not in the text, in whatever form or spelling?"""
    missing = [name for name in names - text.words if name not in text.run]
    return any(len(name) < STEM or name[:STEM] not in text.stems for name in missing)


def _changed(one: str, other: str) -> int:
    """The letters between the first and the last that are not the same."""
    start = _same_at_start(one, other)
    end = _same_at_start(one[start:][::-1], other[start:][::-1])
    return max(len(one), len(other)) - start - end


def _same_at_start(one: str, other: str) -> int:
    pairs = enumerate(zip(one, other, strict=False))
    return next((place for place, (mine, its) in pairs if mine != its), min(len(one), len(other)))
