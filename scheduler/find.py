"""Finding posts and publications by words: case and accents do not count, on either database."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from typing import Any

from django.db import connection
from django.db.models import F, Func, Q, QuerySet, TextField, Value
from django.db.models.functions import Lower
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from posts.models import Post
from scheduler.models import Publication
from teams.models import Workspace

# The letters that English, French and their neighbours write with marks.
_MARKED = "àáâãäåçèéêëìíîïñòóôõöøùúûüýÿœæÀÁÂÃÄÅÇÈÉÊËÌÍÎÏÑÒÓÔÕÖØÙÚÛÜÝŸŒÆ’"
_PLAIN = "aaaaaaceeeeiiiinoooooouuuuyyoaaaaaaaceeeeiiiinoooooouuuuyyoa'"
_FLAT = str.maketrans(_MARKED, _PLAIN)


def find_posts(workspace: Workspace, words: str) -> QuerySet[Post]:
    return having(Post.objects.filter(workspace=workspace), "text", words)


def find_publications(workspace: Workspace, words: str) -> QuerySet[Publication]:
    """By what went out, and by what the post says now."""
    rows = Publication.objects.filter(workspace=workspace).annotate(told=_folded("text"))
    return rows.filter(Q(told__contains=fold(words)) | Q(post__in=find_posts(workspace, words).values("pk")))


def having(rows: QuerySet[Any], field: str, words: str) -> QuerySet[Any]:
    found: QuerySet[Any] = rows.annotate(found=_folded(field)).filter(found__contains=fold(words))
    return found


def fold(text: str) -> str:
    """As many characters as before, without case and marks."""
    text = unicodedata.normalize("NFC", text)
    folded = text.translate(_FLAT).lower()
    # A capital dotted İ alone becomes two letters.
    return folded if len(folded) == len(text) else "".join(map(_fold, text))


def marked(text: str, words: str, around: int = 90) -> SafeString:
    """The part of the text where the words stand, with each place marked; its beginning where they stand nowhere."""
    text = unicodedata.normalize("NFC", " ".join(text.split()))
    told, wanted = fold(text), fold(words.strip())
    first = max(told.find(wanted), 0) if wanted else 0
    start, end = max(0, first - around), first + len(wanted) + 2 * around
    before, after = "…" if start else "", "…" if end < len(text) else ""
    pieces = _pieces(text[start:end], told[start:end], wanted)
    return format_html(
        "{}{}{}", before, format_html_join("", "{}{}", ((one, _mark(two)) for one, two in pieces)), after
    )


def _fold(sign: str) -> str:
    flat = sign.translate(_FLAT).lower()
    return flat if len(flat) == 1 else sign


def _folded(field: str) -> Func:
    """The same in the database. SQLite lowers only ASCII and cannot translate, so it is lent the function itself."""
    if connection.vendor == "postgresql":
        return Func(Lower(F(field)), Value(_MARKED), Value(_PLAIN), function="TRANSLATE", output_field=TextField())
    connection.ensure_connection()
    connection.connection.create_function("REFRAIN_FOLD", 1, fold, deterministic=True)
    return Func(F(field), function="REFRAIN_FOLD", output_field=TextField())


def _pieces(text: str, told: str, wanted: str) -> Iterator[tuple[str, str]]:
    """(what stands before, the words themselves), in turn."""
    place = 0
    while wanted and (found := told.find(wanted, place)) >= 0:
        yield text[place:found], text[found : found + len(wanted)]
        place = found + len(wanted)
    yield text[place:], ""


def _mark(found: str) -> SafeString:
    return format_html("<mark>{}</mark>", found) if found else SafeString("")
