"""Search over posts and their publications, as a page and as the panel under the header's field."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from scheduler.find import find_posts, find_publications, marked
from teams.access import MemberRequest, member

PANEL, MOST = 6, 50
SHORTEST = 2


@member()
def show(request: MemberRequest) -> HttpResponse:
    words = request.GET.get("q", "").strip()[:100]
    in_panel = bool(request.htmx)  # type: ignore[attr-defined]
    if len(words) < SHORTEST:
        return HttpResponse("") if in_panel else render(request, "search_show.html", {"words": words, "asked": False})
    posts = find_posts(request.workspace, words).order_by("-pk")
    found = posts[: PANEL if in_panel else MOST]
    context = {
        "words": words,
        "asked": True,
        "posts": [(post, marked(post.text, words)) for post in found],
        "post_count": posts.count(),
    }
    if in_panel:
        return render(request, "search/_panel.html", context)
    rows = find_publications(request.workspace, words).select_related("post", "channel").order_by("-planned_for", "-pk")
    publications = [(row, marked(row.text or row.post.text, words)) for row in rows[:MOST]]
    return render(request, "search_show.html", {**context, "publications": publications, "row_count": rows.count()})
