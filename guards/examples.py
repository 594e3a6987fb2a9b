"""An example for each rule, judged by the rule itself, so that what manual and Rules page show cannot drift from it."""

from __future__ import annotations

from datetime import datetime, timedelta, tzinfo
from typing import Any

from guards.base import Candidate, ChannelFacts, Finding, Moment, Rule


def ordinary(at: datetime, zone: tzinfo, language: str, text: str) -> Candidate:
    """A publication with which nothing is wrong."""
    channel = ChannelFacts("Mastodon", "mastodon", 500)
    return Candidate(
        Moment.SENDING, at, at, zone, text, language, len(text), channel, reviewed_at=at - timedelta(days=2)
    )


def found_in_example(rule: Rule, options: Any, usual: Candidate) -> Finding:
    """What the rule finds in its example, with these options wherever they can find anything."""
    candidate, chosen = rule.example(usual, options)
    return next(iter(rule.check(candidate, chosen)))
