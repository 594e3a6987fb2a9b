"""The page behind a link in a letter: it says what will happen, and its one button does it."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from notices.sentences import Sentence, say
from scheduler import inbox, offers
from scheduler.letters import as_to
from scheduler.verbs import NotNow
from scheduler.views.approvals import texts_of


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def offer(request: HttpRequest, text: str) -> HttpResponse:
    """No session is needed, since the letter went to one person; whoever is signed in has to be that person."""
    now = timezone.now()
    try:
        found = offers.read(text, now)
        if request.user.is_authenticated and request.user.pk != found.user.pk:
            said = say("This letter was written to {who}, and you are signed in as somebody else.", who=str(found.user))
            raise offers.Refused(said, 403)
    except offers.Refused as why:
        return _page(request, {"refused": why.sentence}, why.status)
    with as_to(found.membership):
        return _done(request, found, now) if request.method == "POST" else _asked(request, found)


def _asked(request: HttpRequest, found: offers.Offer, refused: Sentence | None = None) -> HttpResponse:
    row = found.publication
    context = {
        "offer": found,
        "row": row,
        "sentence": inbox.sentence_of(row),
        # A yes is for all that may be said; any other deed concerns what would be said this time.
        "texts": texts_of(row.post) if "words" in found.fix.values else [{"text": row.wording()[1]}],
        "refused": refused,
    }
    return _page(request, context, 409 if refused else 200)


def _done(request: HttpRequest, found: offers.Offer, now: datetime) -> HttpResponse:
    try:
        done = offers.take(found.token, now)
    except offers.Refused as why:
        return _page(request, {"refused": why.sentence}, why.status)
    except NotNow as why:
        return _asked(request, found, why.sentence)
    return _page(request, {"offer": found, "row": found.publication, "done": done.sentence})


def _page(request: HttpRequest, context: dict[str, object], status: int = 200) -> HttpResponse:
    return render(request, "offer_show.html", context, status=status)
