"""Asking for approval, and answering: each verb in one place, on record, and told to whom it concerns."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.db import transaction

from guards.base import ApprovalFacts, Consent
from notices.sentences import Sentence, say, say_count
from posts.approvals import words_of, writer_of
from posts.models import Approval, Post
from scheduler import letters, tell, verbs
from scheduler.consents import Consents, standing
from scheduler.models import Publication
from scheduler.plan import touch
from scheduler.record import REFRAIN, record
from scheduler.states import State
from scheduler.verbs import SHORTEST_REASON, NotNow
from teams.models import User, Workspace

GUARD = "not_approved"
REMIND_AFTER = timedelta(hours=1)  # whoever was asked a minute ago has not forgotten it
LONGEST_REASON = 500
AT_ONCE = 500
_NOTHING = say("There are no words yet that anybody could approve.")


def ask(posts: Iterable[Post], user: User | None, now: datetime) -> list[Post]:
    """Ask about those of these whose words nobody has approved or been asked about. Returns them.

    A question about words that turn out to be approved already is taken back.
    """
    with transaction.atomic():
        needing = _fresh(post.pk for post in posts if post.workspace.needs_approval)
        consents = Consents(post.pk for post in needing)
        stands = [(post, consents.of(post.pk, words_of(post))) for post in needing]
        for post in (post for post, facts in stands if facts.consent is Consent.GIVEN):
            if Approval.objects.filter(post=post, answer=Approval.Answer.WAITING).delete()[0]:
                _look_again(post, now)
        asking = [post for post, facts in stands if facts.consent is not Consent.GIVEN and not facts.asked]
        Approval.objects.bulk_create(
            (
                Approval(workspace_id=post.workspace_id, post=post, asked_by=str(user or REFRAIN), asked_at=now)
                for post in asking
            ),
            ignore_conflicts=True,
            batch_size=AT_ONCE,
        )
        said = {post: say("asked for approval of “{title}”", title=post.title) for post in asking}
        record(user, now, [("approval_asked", post, said[post]) for post in asking])
        tell.approval_asked(asking, user)
        letters.approval_asked(asking, now)
    return asking


def ask_or_remind(post: Post, user: User, now: datetime) -> Sentence:
    """A person asks, for the first time or again. Returns what was done; raises NotNow when there is nothing to ask."""
    _must_be_needed(post)
    if not post.text.strip():
        raise NotNow(_NOTHING)
    with transaction.atomic():
        if ask([post], user, now):
            return say("The approvers are asked.")
        facts = standing(_fresh([post.pk])[0])
        if facts.consent is Consent.GIVEN:
            raise NotNow(_given(facts))
        return _remind(post, user, now)


def approve(post: Post, seen: str, user: User, now: datetime) -> int:
    """Say yes to the words that were `seen`, and to no others. Returns how many publications had their time missed.

    What waited only for this goes on if it is still on time; the rest stays held for a person's word.
    """
    with transaction.atomic():
        post = _locked(post, seen)
        facts = standing(post)
        if facts.consent is Consent.GIVEN:
            raise NotNow(_given(facts))
        if post.workspace.four_eyes and writer_of(post) == user.pk:
            raise NotNow(say("These are your own words, and in this workspace somebody else has to approve them."))
        _answered(post, Approval.Answer.APPROVED, seen, user, now)
        late = _look_again(post, now)
        touch([post.workspace_id], now)
        record(user, now, [("approved", post, say("approved “{title}”", title=post.title))])
        tell.approved(post, user)
    return late


def outcome(late: int) -> Sentence:
    """What an approval has done, for whoever gave it."""
    if not late:
        return say("Approved: these words may go out.")
    return say_count(
        "Approved. {count} publication missed its time meanwhile and waits in Guard.",
        "Approved. {count} publications missed their time meanwhile and wait in Guard.",
        late,
    )


def ask_changes(post: Post, seen: str, reason: str, user: User, now: datetime) -> None:
    """Say no to these words, and what should be different. An earlier yes to them ends with that."""
    reason = reason.strip()
    if not SHORTEST_REASON <= len(reason) <= LONGEST_REASON:
        raise NotNow(
            say("Say what should change, in {low} to {high} characters.", low=SHORTEST_REASON, high=LONGEST_REASON)
        )
    with transaction.atomic():
        post = _locked(post, seen)
        _answered(post, Approval.Answer.CHANGES, seen, user, now, reason)
        touch([post.workspace_id], now)
        said = say("asked for changes to “{title}”: {reason}", title=post.title, reason=reason)
        record(user, now, [("changes_asked", post, said)])
        tell.changes_asked(post, user, reason)


def switched_on(workspace: Workspace, user: User, now: datetime) -> int:
    """From now on this workspace needs approval: everything that is scheduled and has none is asked about."""
    active = Post.objects.filter(workspace=workspace, status=Post.Status.ACTIVE).select_related("workspace")
    touch([workspace.pk], now)
    return len(ask(list(active), user, now))


def _fresh(pks: Iterable[int]) -> list[Post]:
    """Read again: what a caller holds may be older than what it has just written."""
    found = Post.objects.filter(pk__in=list(pks)).select_related("workspace", "author", "worded_by")
    return list(found.prefetch_related("versions", "variations"))


def _locked(post: Post, seen: str) -> Post:
    """Ours alone until the answer is written, in the words that the person has read."""
    _must_be_needed(post)
    Post.objects.select_for_update().filter(pk=post.pk).values_list("pk").get()
    (fresh,) = _fresh([post.pk])
    if not fresh.text.strip():
        raise NotNow(_NOTHING)
    if words_of(fresh) != seen:
        raise NotNow(say("The words have changed since you read them. Read them again, then answer."))
    return fresh


def _must_be_needed(post: Post) -> None:
    if not post.workspace.needs_approval:
        raise NotNow(say("Posts need no approval in this workspace."))


def _given(facts: ApprovalFacts) -> Sentence:
    return say("{who} has approved these words already, on {when}.", who=facts.by, when=facts.at)


def _remind(post: Post, user: User, now: datetime) -> Sentence:
    waiting = Approval.objects.select_for_update().get(post=post, answer=Approval.Answer.WAITING)
    last = waiting.reminded_at or waiting.asked_at
    if last and now - last < REMIND_AFTER:
        raise NotNow(say("The approvers were asked on {when}. They can be reminded an hour after that.", when=last))
    waiting.reminded_at = now
    waiting.save(update_fields=["reminded_at"])
    record(user, now, [("approval_reminded", post, say("reminded the approvers of “{title}”", title=post.title))])
    tell.approval_reminded(post, user, now)
    letters.approval_asked([post], now)
    return say("The approvers are reminded.")


def _answered(post: Post, answer: str, words: str, user: User, now: datetime, reason: str = "") -> None:
    told = {
        "answer": answer, "words": words, "revision": post.revision, "user": user, "by": str(user),
        "reason": reason, "answered_at": now,
    }  # fmt: skip
    if not Approval.objects.filter(post=post, answer=Approval.Answer.WAITING).update(**told):
        Approval.objects.create(workspace_id=post.workspace_id, post=post, **told)


def _look_again(post: Post, now: datetime) -> int:
    """What was held for want of a yes. Of what another guard decided, only that which is still on time."""
    held = Publication.objects.filter(post=post, state=State.HELD)
    rows = held.select_related("workspace", "channel", "post", "judgement")
    grace = post.workspace.grace
    waiting = [row for row in rows if row.reason == GUARD or (_among(row) and now - row.planned_for <= grace)]
    return verbs.let_go_on(waiting, _missed, now)


def _among(row: Publication) -> bool:
    checks: Sequence[dict[str, str]] = row.judgement.checks if row.judgement else []
    return any(check["guard"] == GUARD and check["action"] == "hold" for check in checks)


def _missed(row: Publication) -> Sentence:
    return say("Was due on {when}, before anybody had approved it.", when=row.planned_for)
