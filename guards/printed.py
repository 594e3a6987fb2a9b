"""The manual of all guards as one page of Markdown, in the language that is active: made from the rules themselves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import astuple
from datetime import UTC, datetime

from django.utils import timezone
from django.utils.translation import get_language, gettext

from guards.base import Candidate, Rule
from guards.catalogue import RULES
from guards.choosing import Choice, Manual, choices, manual
from guards.examples import found_in_example, ordinary
from guards.models import GuardSetting
from notices.speak import speak

THEN = datetime(2016, 11, 26, 9, 30, tzinfo=UTC)  # a year that is never this one: dates then always name it


def printed() -> str:
    with timezone.override(UTC):
        return "\n".join(_lines()) + "\n"


def spoken_manual(rule: Rule) -> Manual:
    return Manual(*map(gettext, astuple(manual(rule))))


def example_text() -> str:
    return gettext("Five ways to write a headline")


def _lines() -> Iterator[str]:
    yield "# " + gettext("Guards")
    yield ""
    yield gettext(
        "A guard looks at a publication while it is written, in the forecast, and just before it is sent. What happens "
        "when it finds something, and its options, are decided on the page “Rules”: for the workspace, for a category, "
        "or for one post. What is not decided closer by is inherited."
    )
    yield ""
    yield gettext("This page is printed from the guards themselves, by `{command}`.").format(
        command=f"manage.py guard_manual --language {get_language()}"
    )
    usual = ordinary(THEN, UTC, get_language() or "en", example_text())
    for name, rule in RULES.items():
        yield from ("", f"## {speak(rule.title)}", "", *_about(name, rule, usual))


def _about(name: str, rule: Rule, usual: Candidate) -> Iterator[str]:
    told, found = spoken_manual(rule), found_in_example(rule, rule.Options(), usual)
    yield from (told.finds, "")
    yield from (f"> {speak(found.message)}", "")
    yield from (_labelled(gettext("Why:"), told.why), "")
    yield from (_labelled(gettext("When to turn it off:"), told.when_off), "")
    yield _item(gettext("Name in the API:"), f"`{name}`")
    default = GuardSetting.Action(rule.default.word).label
    yield _item(gettext("When it finds something, unless decided otherwise:"), default)
    yield f"- {_exceptions(rule)}"
    if found.fixes:
        yield _item(gettext("Fixes, in the example above:"), " · ".join(speak(fix.label) for fix in found.fixes))
    if options := choices(rule):
        yield from ("", *_table(options))


def _labelled(label: str, text: str) -> str:
    return f"**{label}** {text}"


def _item(label: str, text: object) -> str:
    return f"- {label} {text}"


def _exceptions(rule: Rule) -> str:
    if rule.overridable:
        return gettext("An approver may let a single publication pass, with a reason.")
    return gettext("Nobody can let a publication pass this guard; it passes when the reason is gone.")


def _table(options: list[Choice]) -> Iterator[str]:
    yield _cells(gettext("option"), gettext("what it is"), gettext("default"), gettext("from … to"))
    yield "|---|---|---|---|"
    for one in options:
        reach = "" if one.low is None else f"{one.low} … {one.high}"
        yield _cells(f"`{one.name}`", speak(one.label), in_words(one, one.default), reach)


def _cells(*texts: str) -> str:
    return f"| {' | '.join(texts)} |"


def in_words(choice: Choice, value: object) -> str:
    """A value of an option, with its unit."""
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    text = ", ".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)
    if not text:
        return gettext("nothing")
    return f"{text} {speak(choice.unit)}" if choice.unit else text
