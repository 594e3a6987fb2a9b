"""Findings and verdicts as the API writes them: the same sentences as on the dashboard."""

from __future__ import annotations

from typing import Any

from guards.base import Finding, Fix
from guards.catalogue import RULES
from guards.judge import Check, Verdict
from notices.speak import speak
from scheduler.api.fields import shown


def verdict(found: Verdict) -> dict[str, Any]:
    return {"verdict": found.action.word, "findings": findings(found)}


def findings(found: Verdict) -> list[dict[str, Any]]:
    return [finding(check, one) for check, one in found.findings]


def finding(check: Check, one: Finding) -> dict[str, Any]:
    return {
        "guard": check.guard,
        "action": check.action.word,
        "message": speak(one.message),
        "evidence": [{"start": span.start, "end": span.end} for span in one.evidence],
        "fixes": [fix(offer) for offer in one.fixes],
        "until": shown(one.until),
    }


def fix(offer: Fix) -> dict[str, Any]:
    return {"verb": offer.verb, "label": speak(offer.label), "values": dict(offer.values)}


def trace(found: Verdict) -> list[dict[str, Any]]:
    """Every guard that was asked, with what it saw, in the order of asking."""
    return [
        {
            "guard": check.guard,
            "title": speak(RULES[check.guard].title) if check.guard in RULES else check.guard,
            "action": check.action.word,
            "saw": speak(check.saw) if check.saw else "",
            "findings": [finding(check, one) for one in check.findings],
            "options": dict(check.options),
            "source": speak(check.source),
            "overridden": check.overridden,
        }
        for check in found.checks
    ]
