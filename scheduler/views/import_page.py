"""What the page of an import says: a summary in one sentence, and every line with its verdict in words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Count, Q
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from guards.base import Finding
from notices.speak import speak, speak_kept
from scheduler.imports import MENDS
from scheduler.models import Import, ImportLine
from scheduler.views.paging import Page

Fate = ImportLine.Fate
FACES: dict[str, tuple[str, str | Promise]] = {
    Fate.READY: ("allow", gettext_lazy("Can be imported")),
    Fate.COPY: ("asks", pgettext_lazy("one line", "Copy")),
    Fate.HELD: ("hold", gettext_lazy("Would be held")),
    Fate.REFUSED: ("block", gettext_lazy("Refused")),
    Fate.IMPORTED: ("published", gettext_lazy("Imported")),
}


def shown(batch: Import, page: Page[ImportLine], query: QueryDict) -> dict[str, Any]:
    counts = batch.lines.aggregate(
        all=Count("pk"),
        wanted=Count("pk", filter=Q(wanted=True)),
        **{fate: Count("pk", filter=Q(fate=fate)) for fate in Fate.values},
    )
    left_out = counts["all"] - counts["wanted"] - counts["imported"]
    lines = [_line(line) for line in page.rows]
    return {
        "batch": batch,
        "page": page,
        "lines": lines,
        "counts": counts,
        "problems": counts["held"] + counts["refused"] + counts["copy"],
        "summary": _summary(counts),
        "only_problems": query.get("show") == "problems",
        "query": query.urlencode(),
        "go": _go(counts["wanted"], left_out),
        "undated": "date" not in batch.columns and "time" not in batch.columns,
        "absurd": any(fix["verb"] == "set_rule" for line in lines for fix in line["fixes"]),
    }


def _summary(counts: dict[str, int]) -> str:
    parts = [
        ngettext("{count} can be imported", "{count} can be imported", counts["ready"]).format(count=counts["ready"]),
        ngettext("{count} would be held", "{count} would be held", counts["held"]).format(count=counts["held"]),
        ngettext("{count} is refused", "{count} are refused", counts["refused"]).format(count=counts["refused"]),
    ]
    if counts["copy"]:
        said = ngettext(
            "{count} is a copy of a post that exists", "{count} are copies of posts that exist", counts["copy"]
        )
        parts.insert(1, said.format(count=counts["copy"]))
    if counts["imported"]:
        said = ngettext("{count} is imported", "{count} are imported", counts["imported"])
        parts.insert(0, said.format(count=counts["imported"]))
    return ", ".join(parts) + "."


def _go(wanted: int, left_out: int) -> str:
    if not wanted:
        return ""
    if not left_out:
        return ngettext("Import {count}", "Import {count}", wanted).format(count=wanted)
    return _("Import {count}, leave out {left_out}").format(count=wanted, left_out=left_out)


def _line(line: ImportLine) -> dict[str, Any]:
    status, word = FACES[line.fate]
    left_out = line.fate == Fate.READY and not line.wanted
    return {
        "row": line,
        "status": "skipped" if left_out else status,
        "word": _("Left out") if left_out else str(word),
        "sentences": list(_sentences(line)),
        "fixes": list(_fixes(line)),
    }


def _sentences(line: ImportLine) -> Iterator[str]:
    for kept in line.problems:
        yield speak_kept(kept)
    for kept in line.findings:
        yield speak_kept(kept["message"])
    if line.copy_of and line.fate != Fate.IMPORTED:
        yield _("The Library has this text already: “{title}”. Guards keep the two apart if you import it.").format(
            title=line.copy_of.title
        )
    for kept in line.notes:
        yield speak_kept(kept)


def _fixes(line: ImportLine) -> Iterator[dict[str, str]]:
    """What one click can mend, each kind once."""
    fixes = (fix for kept in line.findings for fix in Finding.from_json(kept).fixes if fix.verb in MENDS)
    if line.fate in {Fate.REFUSED, Fate.HELD, Fate.READY}:
        for fix in {fix.verb: fix for fix in reversed(list(fixes))}.values():
            yield {"verb": fix.verb, "label": speak(fix.label)}
