"""What an approval is bound to: everything that a post would say, to the letter."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping

from posts.along import NOTHING, Along
from posts.models import Post


def words(
    text: str, language: str, versions: Mapping[str, str], variations: Iterable[str], along: Along = NOTHING
) -> str:
    """A digest of these words and of what goes with them: equal only where every letter is.

    Blank versions and variations say nothing.
    """
    said = {
        "text": text,
        "language": language,
        "versions": sorted((network, own) for network, own in versions.items() if own),
        "variations": [other for other in variations if other],
        **along.words,
    }
    return hashlib.sha256(json.dumps(said).encode("utf-8", "surrogatepass")).hexdigest()


def words_of(post: Post) -> str:
    versions = {version.network: version.text for version in post.texts_by_network}
    return words(post.text, post.language, versions, (one.text for one in post.texts_in_turn), Along.of(post))


def writer_of(post: Post) -> int | None:
    """Whose words these are: whoever changed them last."""
    return post.worded_by_id or post.author_id
