"""A fix as a link in a letter: signed for one person, one publication and one deed, good for a week, and used once.

Opening it changes nothing, since programs open the links of letters, too. The page behind it asks; pressing its
button does the deed as the person whom the letter was written to, if that person still may.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.core import signing
from django.db import IntegrityError, transaction
from django.urls import reverse

from guards.base import Fix
from notices.models import UsedLink
from notices.sentences import Sentence, say
from scheduler import fixes, inbox
from scheduler.fixes import Done
from scheduler.models import Publication
from teams.models import Membership, User, digest

PURPOSE = "refrain.letter.fix"
GOOD_FOR = timedelta(days=7)


class Refused(Exception):
    """The link does nothing (any more); `sentence` says why, `status` is the page's."""

    def __init__(self, sentence: Sentence, status: int = 410) -> None:
        super().__init__(sentence.text)
        self.sentence, self.status = sentence, status


@dataclass(frozen=True)
class Offer:
    """What a link would do, as whom."""

    token: str
    membership: Membership
    publication: Publication
    fix: Fix

    @property
    def user(self) -> User:
        return self.membership.user


def offers(publication: Publication, membership: Membership, now: datetime) -> Iterator[tuple[Fix, str]]:
    """The fixes that this person may choose for it, each with its address."""
    for fix in fixes.offered(publication):
        if fix.verb not in fixes.LINKS and membership.may(fixes.NEEDS.get(fix.verb, "editor")):
            yield fix, settings.PUBLIC_URL + reverse("offer", args=[token(publication, membership.user, fix, now)])


def token(publication: Publication, user: User, fix: Fix, now: datetime) -> str:
    told = {
        "user": user.pk, "publication": publication.pk, "revision": publication.revision,
        "verb": fix.verb, "values": dict(fix.values), "until": int((now + GOOD_FOR).timestamp()),
    }  # fmt: skip
    return signing.dumps(told, salt=PURPOSE, compress=True)


def read(text: str, now: datetime) -> Offer:
    """What the link offers now. Raises Refused with a sentence when that is nothing."""
    told = _told(text)
    until = datetime.fromtimestamp(told["until"], UTC)
    if now >= until:
        raise Refused(say("This link was good until {when}. Look into Guard for what waits now.", when=until))
    if UsedLink.objects.filter(digest=digest(text)).exists():
        raise Refused(_USED)
    publication = Publication.objects.select_related(*inbox.SHOWN_WITH).filter(pk=told["publication"]).first()
    membership = _membership(told["user"], publication)
    if publication is None or membership is None:
        raise Refused(say("You are no member of the workspace that this link is about."), 403)
    if not membership.may(fixes.NEEDS.get(told["verb"], "editor")):
        raise Refused(say("Your role does not allow this any more. Ask an approver or an administrator."), 403)
    fix = next((one for one in fixes.offered(publication) if _same(one, told)), None)
    if fix is None or publication.revision != told["revision"]:
        raise Refused(say("Something has been done about this since the letter was written. Look where it stands."))
    return Offer(text, membership, publication, fix)


def take(text: str, now: datetime) -> Done:
    """Do what the link offers, once, as whom it was written to. Raises Refused or NotNow; then nothing is done."""
    with transaction.atomic():
        offer = read(text, now)
        _use(text, now)
        return fixes.apply(offer.publication, offer.fix.verb, offer.fix.values, offer.user, now)


_USED = say("This link has been used already. What it was for is done.")


def _told(text: str) -> dict[str, Any]:
    try:
        told: dict[str, Any] = signing.loads(text, salt=PURPOSE)
    except signing.BadSignature:
        raise Refused(
            say("This link is not one of ours, or a part of it is missing. Copy the whole of it from the letter."), 404
        ) from None
    return told


def _membership(user: int, publication: Publication | None) -> Membership | None:
    if publication is None:
        return None
    mine = Membership.objects.filter(user=user, workspace=publication.workspace_id, user__is_active=True)
    return mine.select_related("user", "workspace").first()


def _same(fix: Fix, told: dict[str, Any]) -> bool:
    return (fix.verb, dict(fix.values)) == (told["verb"], told["values"])


def _use(text: str, now: datetime) -> None:
    """Of two that press at once the second waits for the first here, and then finds it done."""
    try:
        with transaction.atomic():
            UsedLink.objects.create(digest=digest(text), at=now)
    except IntegrityError:
        raise Refused(_USED) from None
