"""Speaks in templates what is kept as a Sentence, as its JSON, or as a moment: {{ value|speak }}."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import template

from notices.sentences import Sentence
from notices.speak import moment, speak, speak_kept

register = template.Library()


@register.filter(name="speak")
def spoken(value: Sentence | dict[str, Any] | datetime | None) -> str:
    """Nothing for None."""
    if isinstance(value, Sentence):
        return speak(value)
    return moment(value) if isinstance(value, datetime) else speak_kept(value)
