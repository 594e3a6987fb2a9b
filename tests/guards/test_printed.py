"""The manual in docs/ is what the guards say of themselves, in both languages."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.utils import translation

from guards.catalogue import RULES
from guards.choosing import choices
from guards.printed import printed, spoken_manual
from notices.speak import speak

DOCS = Path(__file__).resolve().parents[2] / "docs"
each_language = pytest.mark.parametrize(("language", "file"), [("en", "guards.md"), ("fr", "guards.fr.md")])


@each_language
def test_the_page_is_what_the_command_prints(language: str, file: str) -> None:
    """manage.py guard_manual --language fr > docs/guards.fr.md"""
    out = StringIO()
    call_command("guard_manual", language=language, stdout=out)
    assert (DOCS / file).read_text() == out.getvalue()


@each_language
def test_every_guard_is_told_whole(language: str, file: str) -> None:
    with translation.override(language):
        page = printed()
        for name, rule in RULES.items():
            told = spoken_manual(rule)
            assert all(part in page for part in (told.finds, told.why, told.when_off, f"`{name}`"))
            assert all(f"`{one.name}` | {speak(one.label)}" in page for one in choices(rule))


@pytest.mark.parametrize("name", sorted(RULES))
def test_the_manual_is_there_in_french(name: str) -> None:
    with translation.override("en"):
        english = spoken_manual(RULES[name])
    with translation.override("fr"):
        french = spoken_manual(RULES[name])
    assert french.finds != english.finds
    assert french.why != english.why
    assert french.when_off != english.when_off
