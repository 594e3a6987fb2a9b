"""Nobody who may has approved these words: the approval is missing, or it was given for other words than these.

Why: where a second pair of eyes is the rule, the rule is worth as much as its gaps. A word changed after the yes
is a word that nobody has said yes to, so an approval is bound to every letter of the text, of each network's own
version and of each variation; any edit asks for a new one. Dates, channels and the repeat rule are not part of it.
While a text is being written this is only a note, since nobody can have approved it yet.

When to turn it off: not here, but in the workspace's settings, where “posts need approval before they go out”
is off until somebody wants it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

from guards.base import Action, ApprovalFacts, Candidate, Consent, Finding, Fix, Moment
from notices.sentences import Sentence, say

title = say("Not approved")
default = Action.HOLD
overridable = False  # whoever may let it pass may approve it, and then it says for which words
of_the_moment = True


@dataclass(frozen=True)
class Options:
    pass


def check(candidate: Candidate, options: Options) -> Iterator[Finding]:
    approval = candidate.approval
    if approval is not None and approval.consent is not Consent.GIVEN:
        soft = candidate.moment is Moment.WRITING
        yield Finding(told(approval), tuple(_fixes(approval)), soft=soft)


def saw(candidate: Candidate, options: Options) -> Sentence:
    return told(candidate.approval) if candidate.approval else say("No approval is needed here.")


def example(ordinary: Candidate, options: Options) -> tuple[Candidate, Options]:
    asked = ApprovalFacts(Consent.WAITING, by="Marie", at=ordinary.at - timedelta(days=2), asked=True)
    return replace(ordinary, approval=asked), options


def told(approval: ApprovalFacts) -> Sentence:
    """Where the approval stands, in one sentence."""
    who, when = approval.by, approval.at or ""
    match approval.consent:
        case Consent.GIVEN:
            return say("{who} approved these words on {when}.", who=who, when=when)
        case Consent.OUTDATED:
            return say(
                "{who} approved other words than these, on {when}. They have changed since and need a new approval.",
                who=who,
                when=when,
            )
        case Consent.CHANGES:
            return say("{who} asked for changes on {when}: “{reason}”", who=who, when=when, reason=approval.reason)
        case Consent.WAITING:
            return say("Waiting for approval since {when}; {who} asked for it.", who=who, when=when)
    return say("Nobody has approved these words yet, and this workspace asks for it before anything goes out.")


def _fixes(approval: ApprovalFacts) -> Iterator[Fix]:
    if approval.consent is Consent.CHANGES:
        yield Fix("edit", say("Change the words"))
    yield Fix("remind", say("Remind the approvers") if approval.asked else say("Ask for approval"))
    yield Fix("approve", say("Approve these words"), {"words": approval.words})
