"""Where a mention of time stands: the words before it, after it, and in the same sentence."""

import re
from dataclasses import dataclass
from datetime import date

from .lexicon import CUE_WIDTH, Lexicon, compiled
from .spans import Mention
from .text import Folded

SENTENCE_END = re.compile(r"\n|[!?](?= |\Z)|(?<=[a-z0-9)]{2})\.(?= |\Z)")
CALENDARS = frozenset("📅🗓📆⏰⏳🕒🕐🕖🗒")
SENTENCE_WIDTH = 240
POST_WIDTH = 2_000
TITLE_BEFORE = re.compile(r"(?:\A|\n)[^\w\n]{0,8}\Z")
TITLE_AFTER = re.compile(r"(?: \w{1,20}){0,3} ?[:\n]")


@dataclass(frozen=True)
class Scene:
    folded: Folded
    lexicon: Lexicon
    anchor: date

    @property
    def text(self) -> str:
        return self.folded.text

    def before(self, cue: str, mention: Mention) -> bool:
        pattern = self.lexicon.befores.get(cue)
        return bool(pattern and compiled(pattern).search(self.text, max(0, mention.start - CUE_WIDTH), mention.start))

    def after(self, cue: str, mention: Mention) -> bool:
        pattern = self.lexicon.afters.get(cue)
        return bool(pattern and compiled(pattern).match(self.text, mention.end, mention.end + CUE_WIDTH))

    def about(self, cue: str, mention: Mention) -> bool:
        pattern = self.lexicon.abouts.get(cue)
        return bool(pattern and compiled(pattern).search(self.text, *self.sentence(mention)))

    def anywhere(self, cue: str) -> bool:
        pattern = self.lexicon.abouts.get(cue)
        return bool(pattern and compiled(pattern).search(self.text, 0, POST_WIDTH))

    def sentence(self, mention: Mention) -> tuple[int, int]:
        """At most 240 characters either way."""
        start = max(0, mention.start - SENTENCE_WIDTH)
        for stop in SENTENCE_END.finditer(self.text, start, mention.start):
            start = stop.end()
        stop_after = SENTENCE_END.search(self.text, mention.end, mention.end + SENTENCE_WIDTH)
        return start, stop_after.start() if stop_after else min(len(self.text), mention.end + SENTENCE_WIDTH)

    def in_tag(self, mention: Mention) -> bool:
        return self.folded.in_tag(mention.start)

    def is_title(self, mention: Mention) -> bool:
        """A line that begins with these words and is only a heading: "Sunday resources:"."""
        text, start, end = self.text, mention.start, mention.end
        return bool(TITLE_BEFORE.search(text, max(0, start - 12), start) and TITLE_AFTER.match(text, end, end + 70))

    def has_calendar(self, mention: Mention) -> bool:
        """A calendar, an hourglass or a clock is drawn just before."""
        return any(sign in CALENDARS for sign in self.text[max(0, mention.start - 4) : mention.start])

    def words(self, mention: Mention) -> str:
        return self.text[mention.start : mention.end]
