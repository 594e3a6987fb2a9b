"""Whether people have said yes to the words of some posts: one query for all of them, none where nobody has to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from django.db.models import QuerySet

from guards.base import ApprovalFacts, Consent
from posts.approvals import words_of
from posts.models import Approval, Post
from teams.models import Workspace


def waiting(workspace: Workspace) -> QuerySet[Approval]:
    """What is asked and not answered, of posts that may still go out. Where no yes is needed, nothing waits."""
    alive = (Post.Status.DRAFT, Post.Status.ACTIVE)
    found = Approval.objects.filter(workspace=workspace, answer=Approval.Answer.WAITING, post__status__in=alive)
    return found if workspace.needs_approval else found.none()


class Consents:
    def __init__(self, posts: Iterable[int]) -> None:
        self._of: defaultdict[int, list[Approval]] = defaultdict(list)
        wanted = set(posts)
        for row in Approval.objects.filter(post__in=wanted).order_by("pk") if wanted else ():
            self._of[row.post_id].append(row)

    def of(self, post: int | None, words: str) -> ApprovalFacts:
        """Where the approval of these words stands: what was last said of them, else of the words before them."""
        return facts_of(self._of[post or 0], words)


def standing(post: Post) -> ApprovalFacts:
    """Of one post, as its words are now."""
    return facts_of(list(post.approvals.all()), words_of(post))


def facts_of(rows: Sequence[Approval], words: str) -> ApprovalFacts:
    """`rows` are all that was asked and answered about one post, oldest first."""
    answered = [row for row in rows if row.answer]
    here = next((row for row in reversed(answered) if row.words == words), None)
    if here and here.answer == Approval.Answer.APPROVED:
        return _answer(Consent.GIVEN, here, words)
    asked = next((row for row in rows if not row.answer), None)
    last = answered[-1] if answered else None
    if last and last.answer == Approval.Answer.APPROVED:
        return _answer(Consent.OUTDATED, last, words, asked is not None)
    if asked:
        return ApprovalFacts(Consent.WAITING, words, asked.asked_by, asked.asked_at, asked=True)
    return _answer(Consent.CHANGES, last, words) if last else ApprovalFacts(Consent.MISSING, words)


def _answer(consent: Consent, row: Approval, words: str, asked: bool = False) -> ApprovalFacts:
    return ApprovalFacts(consent, words, row.by, row.answered_at, row.reason, asked)
