"""The library: every post on its shelf, found by filters, and many changed at once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet, Value
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from posts.models import Category, Channel, Post
from scheduler import shelves
from scheduler.find import having
from scheduler.models import Publication
from scheduler.shelves import SHELVES
from scheduler.states import State
from scheduler.views.paging import page_by
from teams.access import MemberRequest, member

Option = dict[str, Any]
TABS = {
    "active": gettext_lazy("Active"),
    "ended": gettext_lazy("Stopped and ended"),
    "drafts": gettext_lazy("Drafts"),
    "retired": gettext_lazy("Retired"),
}


@member()
def show(request: MemberRequest) -> HttpResponse:
    shelf = request.GET.get("shelf", "active")
    if shelf not in SHELVES:
        raise Http404
    counts = shelves.counts(request.workspace)
    rows = _filtered(shelves.posts_of(request.workspace).filter(SHELVES[shelf]), request)
    rows = rows.select_related("category", "rule", "workspace").prefetch_related("channels")
    summary = ngettext("{count} post on this shelf", "{count} posts on this shelf", counts[shelf])
    page = page_by(rows, "pk", request.GET, summary.format(count=counts[shelf]), falling=True)
    categories, channels = _options(request)
    context = {
        "page": page,
        "standings": shelves.standings(page.rows, timezone.now()),
        "shelf": shelf,
        "tabs": [(name, word, counts[name]) for name, word in TABS.items()],
        "filtered": bool(_filters(request)),
        "categories": categories,
        "channels": channels,
        "any": any(counts.values()),
        "query": request.GET.urlencode(),
        "may_change": request.membership.may("editor"),
    }
    return render(request, "library_show.html", context)


@require_POST
@member("editor")
def change(request: MemberRequest) -> HttpResponse:
    """What is ticked is kept, put into a category, or (after a second look) stopped or retired."""
    ticked = [int(pk) for pk in request.POST.getlist("post")[:200] if pk.isdigit() and len(pk) < 19]
    posts = list(Post.objects.filter(workspace=request.workspace, pk__in=ticked).select_related("workspace"))
    deed = request.POST.get("deed", "")
    if not posts:
        messages.error(request, _("Tick the posts first."))
    elif deed in {"stop", "retire"} and not request.POST.get("sure"):
        return render(request, "library_end.html", _second_look(posts, deed, request))
    elif deed in _DEEDS:
        messages.success(request, _DEEDS[deed](posts, request, timezone.now()))
    return HttpResponseRedirect(reverse("library", args=[request.workspace.slug]) + f"?{request.GET.urlencode()}")


def _filters(request: MemberRequest) -> dict[str, str]:
    told = {name: request.GET.get(name, "").strip() for name in ("q", "category", "channel")}
    return {name: value for name, value in told.items() if value}


def _options(request: MemberRequest) -> tuple[list[Option], list[Option]]:
    """What the filters offer, in one query: categories and channels."""
    kinds: tuple[Any, ...] = (Category, Channel)
    rows = [
        model.objects.filter(workspace=request.workspace).order_by().values_list(Value(kind), "name", "pk")
        for kind, model in enumerate(kinds)
    ]
    found = rows[0].union(*rows[1:], all=True).order_by("name")
    options = [(kind, {"pk": pk, "name": name}) for kind, name, pk in found]
    return [one for kind, one in options if kind == 0], [one for kind, one in options if kind == 1]


def _filtered(rows: QuerySet[Post], request: MemberRequest) -> QuerySet[Post]:
    chosen = _filters(request)
    for name, path in (("category", "category"), ("channel", "channels")):
        if name in chosen:
            rows = rows.filter(**{path: int(chosen[name])}) if chosen[name].isdigit() else rows.none()
    return having(rows, "text", chosen["q"]) if "q" in chosen else rows


def _second_look(posts: list[Post], deed: str, request: MemberRequest) -> dict[str, Any]:
    coming = Publication.objects.filter(post__in=posts, state__in=[State.SCHEDULED, State.HELD]).count()
    return {"posts": posts, "deed": deed, "coming": coming, "query": request.GET.urlencode()}


def _keep(posts: list[Post], request: MemberRequest, now: datetime) -> str:
    count = shelves.keep(posts, request.user, now)
    return ngettext("{count} post kept.", "{count} posts kept.", count).format(count=count)


def _stop(posts: list[Post], request: MemberRequest, now: datetime) -> str:
    count = shelves.end(posts, request.user, now, Post.Status.STOPPED)
    return ngettext("{count} series has ended.", "{count} series have ended.", count).format(count=count)


def _retire(posts: list[Post], request: MemberRequest, now: datetime) -> str:
    count = shelves.end(posts, request.user, now, Post.Status.RETIRED)
    return ngettext("{count} post is retired.", "{count} posts are retired.", count).format(count=count)


def _categorise(posts: list[Post], request: MemberRequest, now: datetime) -> str:
    chosen = request.POST.get("category", "")
    mine = Category.objects.filter(workspace=request.workspace)
    category = get_object_or_404(mine, pk=int(chosen)) if chosen.isdigit() else None
    count = shelves.categorise(posts, category, request.user, now)
    return ngettext(
        "{count} post has changed its category.", "{count} posts have changed their category.", count
    ).format(count=count)


_DEEDS: dict[str, Callable[[list[Post], MemberRequest, datetime], str]] = {
    "keep": _keep,
    "stop": _stop,
    "retire": _retire,
    "categorise": _categorise,
}
