"""Everything in a folded text that is written like a time, longest first where two overlap."""

from collections.abc import Iterable
from itertools import islice

from ..lexicon import Lexicon
from ..spans import Kind, Mention
from ..text import Folded
from .counts import find_counts
from .days import find_days
from .feasts import find_feasts
from .figures import find_figures
from .periods import find_periods

MOST = 120  # mentions kept; nobody writes more, and what follows stays short
RANK = {kind: rank for rank, kind in enumerate(Kind)}


def find(folded: Folded, lexicon: Lexicon, foreign: bool = False) -> list[Mention]:
    """A second language (`foreign`) adds words only: bare numbers are read once, in the post's own."""
    finders = [find_days, find_feasts, find_counts, find_periods]
    if not foreign:
        finders.append(find_figures)
    return apart(mention for finder in finders for mention in islice(finder(folded.text, lexicon), MOST))


def apart(mentions: Iterable[Mention]) -> list[Mention]:
    """No two overlap: the longer wins, then the kind that says more."""
    kept: list[Mention] = []
    for mention in sorted(mentions, key=lambda one: (one.start - one.end, RANK[one.kind], one.start))[: 4 * MOST]:
        if all(mention.end <= other.start or other.end <= mention.start for other in kept):
            kept.append(mention)
    return sorted(kept, key=lambda one: one.start)[:MOST]
