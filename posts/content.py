"""What makes two texts the same content, and what a text may hold at all. Plain Python."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterator

from notices.sentences import Sentence, say

# No network takes more than Facebook's 63,206; what is longer than this is a file in the wrong field.
LONGEST = 20_000
_CAMPAIGN = re.compile(r"[?&](?:utm_[a-z]{1,20}|fbclid|gclid|mc_[a-z]{1,10})=[^&\s#]{0,500}", re.IGNORECASE)
_WORDS = re.compile(r"\w+")
# Left behind where a text was once read in a wrong encoding; no network and no browser shows them.
_LEFTOVERS = re.compile("[\x80-\x9f]")


def clean(text: str) -> str:
    """The text as it is kept: one form for each letter (NFC), one kind of line end, no leftovers, no blank edges."""
    told = _LEFTOVERS.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    return unicodedata.normalize("NFC", told).strip()


def problems(text: str) -> Iterator[Sentence]:
    """Why a text cannot be kept. Length per network is the business of the guard `format`."""
    if not text.strip():
        yield say("Write the text of the post.")
    if len(text) > LONGEST:
        yield say(
            "The text has {length} characters; {longest} is the most that can be kept.",
            length=len(text),
            longest=LONGEST,
        )
    # Half a character arrives from a browser as U+FFFD: what could not be decoded.
    if any("\ud800" <= sign <= "\udfff" or sign == "\ufffd" for sign in text):
        yield say("The text holds half of a character (a broken emoji, perhaps). Paste it again from its source.")
    if any(unicodedata.category(sign) == "Cc" and sign not in "\n\r\t" for sign in _LEFTOVERS.sub("", text)):
        yield say("The text holds an invisible control character. Type the text again, or paste it as plain text.")


def fingerprint(text: str) -> str:
    """Equal for texts that a reader would call the same: case, spaces, signs and campaign tags do not count."""
    told = unicodedata.normalize("NFKC", _CAMPAIGN.sub("", clean(text))).casefold()
    words = _WORDS.findall(told)
    return hashlib.sha256(" ".join(words or [told.strip()]).encode("utf-8", "surrogatepass")).hexdigest()[:32]
