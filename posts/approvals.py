"""What an approval is bound to: everything that a post would say, to the letter."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping

from django.db.models import TextField, Value
from django.db.models.functions import Cast

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


def words_now(post: Post) -> str:
    """As the database has them, where the post came without its other texts: in one query if it has no files."""
    if post.attached:
        return words_of(post)
    nothing = Value(None, TextField())
    versions = post.versions.order_by().annotate(kind=Value("version"), place=Value(0), own=Cast("rest", TextField()))
    variations = post.variations.order_by().annotate(
        kind=Value("variation"), network=Value(""), own=nothing, own_media=Value(False)
    )
    told = versions.values_list("kind", "place", "network", "text", "own", "own_media")
    others = variations.values_list("kind", "position", "network", "text", "own", "own_media")
    rows = sorted(told.union(others, all=True), key=lambda row: row[:3])
    own = [row[2:] for row in rows if row[0] == "version"]
    along = Along(
        rest=tuple(post.rest),
        own_rest={network: tuple(json.loads(rest)) for network, _, rest, _ in own if rest is not None},
        own_media={network: () for network, _, _, own_media in own if own_media},
    )
    texts = {network: text for network, text, _, _ in own}
    return words(post.text, post.language, texts, (row[3] for row in rows if row[0] == "variation"), along)


def writer_of(post: Post) -> int | None:
    """Whose words these are: whoever changed them last."""
    return post.worded_by_id or post.author_id
