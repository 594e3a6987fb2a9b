"""`python3 dev.py words`: brings the French catalogue up to date with the code, and compiles it.

Babel reads the Python files; Django turns its templates into something that Babel can read too. The guards' own
manuals are their docstrings, part by part.
"""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Iterator
from dataclasses import astuple
from pathlib import Path

import django
from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

from guards.catalogue import RULES
from guards.choosing import manual

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "locale" / "fr" / "LC_MESSAGES"
PO, MO = FOLDER / "django.po", FOLDER / "django.mo"
PACKAGES = ("teams", "notices", "posts", "guards", "scheduler")
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "say": None,
    "say_count": (1, 2),
}
INDENT = re.compile(r"^[ \t]+", re.MULTILINE)  # a template may go in and out as it likes, Python code may not
PLACE = re.compile(r"%\((\w+)\)[sd]|\{(\w+)\}")


def wanted() -> Catalog:
    """Every text that the code and the templates ask for, with the places where they do."""
    catalogue = Catalog(locale="fr", domain="django", project="Refrain", version="", charset="utf-8")
    for path, source in _sources():
        code = source if path.suffix == ".py" else INDENT.sub("", templatize(source))
        read = io.BytesIO(code.encode())
        for line, text, comments, context in extract("python", read, KEYWORDS, options={"encoding": "utf-8"}):
            place = (str(path.relative_to(ROOT)), line)
            catalogue.add(text, locations=[place], user_comments=comments, context=context)
    for name, rule in RULES.items():
        for part in astuple(manual(rule)):
            catalogue.add(part, locations=[(f"guards/rules/{name}.py", 1)])
    return catalogue


def kept() -> Catalog:
    if not PO.exists():
        return Catalog(locale="fr")
    with PO.open("rb") as file:
        return read_po(file, locale="fr")


def bring_up_to_date() -> int:
    """Write the catalogue with what is new, without what is gone; returns how many texts lack their French."""
    catalogue, known = wanted(), kept()
    for message in catalogue:
        before = known.get(message.id, message.context) if message.id else None
        if before is not None:
            message.string = before.string
    FOLDER.mkdir(parents=True, exist_ok=True)
    with PO.open("wb") as file:
        write_po(file, catalogue, width=0, sort_output=True, include_lineno=False, omit_header=False)
    with MO.open("wb") as file:
        write_mo(file, catalogue)
    return len(list(untranslated(catalogue)))


def untranslated(catalogue: Catalog) -> Iterator[str]:
    for message in catalogue:
        strings = message.string if isinstance(message.string, (list, tuple)) else [message.string]
        if message.id and not all(strings):
            yield message.id if isinstance(message.id, str) else message.id[0]


def places(text: str) -> set[str]:
    return {first or second for first, second in PLACE.findall(text)}


def _sources() -> Iterator[tuple[Path, str]]:
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path, path.read_text()
    for path in sorted((ROOT / "templates").rglob("*.*")):
        if path.suffix in (".html", ".txt"):
            yield path, path.read_text()


if __name__ == "__main__":
    settings.configure(USE_I18N=True)
    django.setup()
    missing = bring_up_to_date()
    sys.exit(f"{missing} texts lack their French; they are empty in {PO.relative_to(ROOT)}." if missing else 0)
