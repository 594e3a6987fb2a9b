"""Speaks sentences in the reader's language, with times on the clock that is active."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext, ngettext

from notices.sentences import Sentence


def speak(sentence: Sentence) -> str:
    if sentence.plural is not None and sentence.count is not None:
        text = ngettext(sentence.text, sentence.plural, sentence.count)
    else:
        text = gettext(sentence.text)
    return text.format(**{name: _spoken(value) for name, value in sentence.values.items()})


def speak_kept(kept: dict[str, Any] | None) -> str:
    """Speak a sentence that was stored as JSON; nothing for None."""
    return speak(Sentence.from_json(kept)) if kept else ""


def moment(when: datetime) -> str:
    """Day and time as people write them, with the year only when it is another one than this."""
    local = timezone.localtime(when)
    return f"{day(local.date())} {time_format(local, 'TIME_FORMAT')}"


def day(when: date) -> str:
    this_year = when.year == timezone.localdate().year
    return date_format(when, gettext("D j M") if this_year else gettext("D j M Y"))


def _spoken(value: Any) -> str:
    match value:
        case Sentence():
            return speak(value)
        case datetime():
            return moment(value)
        case date():
            return day(value)
        case time():
            return time_format(value, "TIME_FORMAT")
    return str(value)
