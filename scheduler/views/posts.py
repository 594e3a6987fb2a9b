"""A post's own page: what it says, how it is doing, every publication of it; and what can be done about it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, OuterRef, Q, Subquery
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST
from django_htmx.http import HttpResponseClientRedirect

from guards.models import Policies
from notices.sentences import Sentence, say, say_count
from notices.speak import speak
from posts.forms import RuleForm, rule_fields
from posts.models import Post, RepeatRule
from posts.writing import Content
from scheduler import schedule as scheduling
from scheduler import verbs, writing
from scheduler.composer import for_composer
from scheduler.health import gaps, health, reactions_of, sendings
from scheduler.models import Pause, Publication
from scheduler.preview import previews
from scheduler.schedule import Stopped
from scheduler.states import PLANNED, SAID
from scheduler.toasts import toast
from scheduler.verbs import NotNow
from scheduler.views.approvals import consent_of
from teams.access import MemberRequest, member
from teams.models import AuditEntry

PAGE = 50
MOST = 2000  # publications of one post that are looked at
RECENT = 20  # lines of the record


@member()
def show(request: MemberRequest, pk: int) -> HttpResponse:
    pauses = Pause.in_force(timezone.now()).filter(post=OuterRef("pk")).order_by("pk")
    posts = request.workspace.posts.select_related("rule", "category", "author").annotate(
        others=Count("variations"),
        paused_by=Subquery(pauses.values("by")[:1]),
        paused_since=Subquery(pauses.values("since")[:1]),
    )
    post = get_object_or_404(posts, pk=pk)
    rows = list(post.publications.select_related("channel").order_by("-planned_for", "pk")[:MOST])
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    facts = _facts(request, post, rows)
    return render(request, "post_show.html", {**facts, "page": page, "pages": _pages(page)})


@member()
def preview(request: MemberRequest, pk: int) -> HttpResponse:
    """How it looks on each of its channels, made as the engine makes it."""
    post = _post(request, pk)
    content, slug = Content.of(post), request.workspace.slug
    shown = previews(content, content.channels, request.workspace, timezone.now())
    context = {"previews": shown, "language": post.language, "post": post, "slug": slug}
    template = "compose/_preview.html" if request.headers.get("HX-Request") else "post_preview.html"
    return render(request, template, context)


def _facts(request: MemberRequest, post: Post, rows: list[Publication]) -> dict[str, Any]:
    reactions = reactions_of(post)
    sent = sendings(rows, reactions)
    busiest = next(iter(Counter(one.channel for one in sent).most_common(1)), ("", 0))[0]
    there = [one for one in sent if one.channel == busiest]
    paused = post.paused_since and {"by": post.paused_by, "since": post.paused_since}  # type: ignore[attr-defined]
    for row in rows:
        row.reactions, row.letter = reactions.get(row.pk), _letter(row, post)  # type: ignore[attr-defined]
    return {
        "post": post,
        "rule": getattr(post, "rule", None),
        "health": health(post, there, Counter(row.state for row in rows), paused is not None),
        "repeats": max((row.number for row in rows if row.state in SAID), default=0),
        "last": sent[-1] if sent else None,
        "next": min((row for row in rows if row.state in PLANNED), key=lambda row: row.planned_for, default=None),
        "busiest": busiest,
        "gaps": gaps(there),
        "measured": [one.reactions for one in there if one.reactions is not None],
        "paused": paused,
        "review_by": _review_by(request, post),
        "record": _record(post, rows),
        "may_edit": request.membership.may("editor"),
        **consent_of(post, request),
        "slug": request.workspace.slug,
    }


def _letter(row: Publication, post: Post) -> str:
    """The wording's letter; nothing where there is only one."""
    wordings = 1 + post.others  # type: ignore[attr-defined]
    turn = (row.number if row.variation is None else row.variation) % wordings
    return chr(ord("A") + turn) if wordings > 1 else ""


def _review_by(request: MemberRequest, post: Post) -> Any:
    policies = Policies({post.workspace_id}, {post.pk})
    setting = policies.of(post.workspace_id, post.category_id, post.pk).get("review_due")
    return post.reviewed_at + timedelta(days=setting.options.days) if setting and setting.action is not None else None


def _record(post: Post, rows: list[Publication]) -> list[AuditEntry]:
    """What people did to the post and to its publications, overrides with their reasons included."""
    mine = Q(object_type="post", object_id=str(post.pk)) | Q(
        object_type="publication", object_id__in=[str(row.pk) for row in rows]
    )
    return list(AuditEntry.objects.filter(mine, workspace=post.workspace_id).order_by("-at", "-pk")[:RECENT])


def _pages(page: Page[Publication]) -> dict[str, str]:
    summary = say(
        "{first} to {last} of {all}", first=page.start_index(), last=page.end_index(), all=page.paginator.count
    )
    return {
        "summary": speak(summary),
        "earlier": f"?page={page.previous_page_number()}" if page.has_previous() else "",
        "later": f"?page={page.next_page_number()}" if page.has_next() else "",
    }


@require_POST
@member("editor")
def schedule(request: MemberRequest, pk: int) -> HttpResponse:
    """Let a draft, or a post that was stopped, begin at its time; one without a time to come, at the next free one."""
    post, now = _post(request, pk), timezone.now()
    return _done(request, post, say("Scheduled."), lambda: writing.begin(post, request.user, now))


@require_POST
@member("editor")
def unschedule(request: MemberRequest, pk: int) -> HttpResponse:
    """Undo: nothing more goes out, and it is a draft again."""
    post, now = _post(request, pk), timezone.now()
    scheduling.stop(post, request.user, now, Post.Status.DRAFT)
    out = Publication.objects.said().filter(post=post).count()
    said = say_count(
        "{count} publication is out already; the rest is a draft again.",
        "{count} publications are out already; the rest is a draft again.",
        out,
    )
    toast(request, speak(said if out else say("Taken back: it is a draft again.")))
    return _to(request, reverse("edit", args=[request.workspace.slug, post.pk]))


@require_POST
@member("editor")
def stop(request: MemberRequest, pk: int) -> HttpResponse:
    post = _post(request, pk)
    return _done(
        request, post, say("The series has ended."), lambda: scheduling.stop(post, request.user, timezone.now())
    )


@require_POST
@member("editor")
def retire(request: MemberRequest, pk: int) -> HttpResponse:
    post, now = _post(request, pk), timezone.now()
    said = say("The post is retired and will not go out again.")
    return _done(request, post, said, lambda: scheduling.stop(post, request.user, now, Post.Status.RETIRED))


@require_POST
@member("editor")
def keep(request: MemberRequest, pk: int) -> HttpResponse:
    post = _post(request, pk)
    said = say("Kept: you have looked at it today.")
    return _done(request, post, said, lambda: writing.keep(post, request.user, timezone.now()))


@member("editor")
def repeat(request: MemberRequest, pk: int) -> HttpResponse:
    post, now = _post(request, pk), timezone.now()
    rule = getattr(post, "rule", None) or RepeatRule()
    form = RuleForm(request.POST or None, initial=rule_fields(rule), label_suffix="")
    if request.method == "POST" and form.is_valid() and (wanted := form.rule()):
        said = say("It comes again. The dates are below.")
        return _done(request, post, said, lambda: writing.repeat(post, wanted, request.user, now))
    context = {"form": form, "post": post, "slug": request.workspace.slug}
    return render(request, "post_repeat.html", context, status=422 if form.errors else 200)


@require_POST
@member("editor")
def pause(request: MemberRequest, pk: int) -> HttpResponse:
    post, now = _post(request, pk), timezone.now()
    if Pause.in_force(now).filter(post=post).exists():
        return _back(request, post, say("It is paused already."), kind="error")
    said = say("Paused: nothing of this series goes out until somebody resumes it.")
    return _done(request, post, said, lambda: verbs.pause(request.workspace, request.user, now, post=post))


@require_POST
@member("editor")
def resume(request: MemberRequest, pk: int) -> HttpResponse:
    post, now = _post(request, pk), timezone.now()
    found = Pause.in_force(now).filter(post=post)

    def resumed() -> None:
        for one in found.select_related("post", "channel", "category"):
            verbs.resume(one, request.user, now)

    return _done(request, post, say("Resumed."), resumed)


def _post(request: MemberRequest, pk: int) -> Post:
    post: Post = get_object_or_404(for_composer(request.workspace), pk=pk)
    return post


def _done(request: MemberRequest, post: Post, said: Sentence, doing: Callable[[], object]) -> HttpResponse:
    """Do it and say so, or say why it could not be done."""
    try:
        doing()
    except NotNow as refused:
        return _back(request, post, refused.sentence, kind="error")
    except Stopped as stopped:
        _, finding = next(stopped.verdict.findings)
        return _back(request, post, finding.message, kind="error")
    return _back(request, post, said)


def _back(request: MemberRequest, post: Post, said: Sentence, kind: str = "info") -> HttpResponse:
    toast(request, speak(said), kind=kind)
    return _to(request, reverse("post", args=[request.workspace.slug, post.pk]))


def _to(request: MemberRequest, address: str) -> HttpResponse:
    return HttpResponseClientRedirect(address) if request.headers.get("HX-Request") else redirect(address)
