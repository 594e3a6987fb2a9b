"""Writing: the composer, the live check, the autosave, and what becomes of a form that is sent."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.db import transaction
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from notices.sentences import Sentence, say, say_count
from notices.speak import speak
from posts.forms import AS_PLANNED, PostForm
from posts.media.taken import NotTaken
from posts.models import Post
from posts.writing import Content
from scheduler.composer import Composer, for_composer
from scheduler.form_fixes import amended
from scheduler.models import Publication
from scheduler.schedule import Stopped
from scheduler.toasts import toast
from scheduler.views.approvals import consent_of
from scheduler.views.media import take_in
from scheduler.writing import ChangedMeanwhile, autosave, draft_for, save_and_schedule, save_changes, save_draft
from teams.access import MemberRequest, member

MOST_KEPT = 200_000  # characters of changes that wait in the session


@member("editor")
def compose(request: MemberRequest) -> HttpResponse:
    return _composer(request, Composer(request.workspace, request.user, timezone.now()))


@member("editor")
def edit(request: MemberRequest, pk: int) -> HttpResponse:
    post = get_object_or_404(for_composer(request.workspace), pk=pk)
    return _composer(request, Composer(request.workspace, request.user, timezone.now(), post))


@require_POST
@member("editor")
def check(request: MemberRequest) -> HttpResponse:
    """The live strip, with what depends on it elsewhere on the page."""
    composer = _composing(request)
    form = composer.form(request.POST)
    content = composer.content(form)
    context = composer.context(form, content, composer.looked_at(content))
    return HttpResponse(render_to_string("compose/_live.html", {**context, "slug": request.workspace.slug}))


@require_POST
@member("editor")
def save(request: MemberRequest) -> HttpResponse:
    """The autosave. A draft is saved as far as it can be read; changes of a planned post wait in the session."""
    composer = _composing(request)
    form = composer.form(request.POST)
    content = composer.content(form)
    if form.planned:
        _keep_aside(request, form)
    elif not content.text or "text" in form.errors or not _autosaved(composer, form, content):
        return HttpResponse(gettext("Not saved yet"))
    return HttpResponse(gettext("Saved {time}").format(time=timezone.localtime(composer.now).strftime("%H:%M")))


def _composing(request: MemberRequest) -> Composer:
    """The composer that a script asks for; `post` in the address names the post that is being changed."""
    pk = request.GET.get("post", "")
    post = get_object_or_404(for_composer(request.workspace), pk=pk) if pk.isdecimal() else None
    return Composer(request.workspace, request.user, timezone.now(), post)


def _composer(request: MemberRequest, composer: Composer) -> HttpResponse:
    if request.method != "POST":
        return _opened(request, composer)
    if request.POST.get("fix") == "add_file":
        return _with_file(request, composer)
    if fix := request.POST.get("fix"):
        return _looked_at(request, composer, composer.form(amended(request.POST, fix, request.workspace.zone)))
    data, action = request.POST.copy(), request.POST.get("action", "check")
    if action == "check":
        return _looked_at(request, composer, composer.form(data))
    if action == "draft":
        data["queue"], data["when"] = data.get("when", ""), "draft"
    return _sent(request, composer, composer.form(data))


def _with_file(request: MemberRequest, composer: Composer) -> HttpResponse:
    """Without a script a file comes with the whole form, which comes back with it."""
    data = request.POST.copy()
    try:
        data.appendlist("media", str(take_in(request).pk))
    except NotTaken as refused:
        toast(request, speak(refused.sentence), kind="error")
    return _looked_at(request, composer, composer.form(data))


def _opened(request: MemberRequest, composer: Composer) -> HttpResponse:
    kept = request.session.get(_aside(composer.post)) if composer.post else None
    if kept and "fresh" in request.GET:
        del request.session[_aside(composer.post)]
    elif kept:
        return _looked_at(request, composer, composer.form(QueryDict(kept)), brought_back=True)
    return _page(request, composer.context(composer.form()))


def _looked_at(request: MemberRequest, composer: Composer, form: PostForm, **more: Any) -> HttpResponse:
    """The same form again with what the guards say; nothing is saved, and nothing found fault with yet."""
    content = composer.content(form)
    context = composer.context(form, content, composer.looked_at(content))
    return _page(request, {**context, **more, "checking": True})


def _sent(request: MemberRequest, composer: Composer, form: PostForm) -> HttpResponse:
    content = composer.content(form)
    if not form.is_valid():
        return _refused(request, composer, form, content)
    try:
        post = _kept(composer, form, content)
    except Stopped as stopped:
        return _refused(request, composer, form, content, stopped=stopped)
    except ChangedMeanwhile:
        before = _saved_already(composer, form, content)
        if before is None:
            return _lost(request, composer, form, content)
        post = before
    request.session.pop(_aside(composer.post), None)
    _tell(request, post, form)
    return (
        redirect("post", request.workspace.slug, post.pk)
        if form.planned
        else redirect("compose", request.workspace.slug)
    )


def _kept(composer: Composer, form: PostForm, content: Content) -> Post:
    """Save it as the form says. Raises Stopped or ChangedMeanwhile; then nothing is changed."""
    given, user, now = form.cleaned_data, composer.user, composer.now
    with transaction.atomic():
        post = _post_of(composer, form)
        if given["when"] == "draft":
            save_draft(post, content, user, now)
        elif given["when"] == AS_PLANNED or post.status == Post.Status.ACTIVE:
            save_changes(post, content, user, now)
        else:
            save_and_schedule(post, content, user, now)
    return post


def _post_of(composer: Composer, form: PostForm) -> Post:
    """The post that is being changed, as far as the writer knew it, or the one of this form's key."""
    given = form.cleaned_data
    if composer.post:
        composer.post.revision = given["revision"] or composer.post.revision
        return composer.post
    post = draft_for(composer.workspace, composer.user, given["key"] or uuid4(), given["language"])
    if post.status != Post.Status.DRAFT:
        raise ChangedMeanwhile
    return post


def _saved_already(composer: Composer, form: PostForm, content: Content) -> Post | None:
    """The post that says all this already, where the same form was sent twice."""
    mine = {"pk": composer.post.pk} if composer.post else {"key": form.cleaned_data["key"]}
    post = for_composer(composer.workspace).filter(**mine).first()
    return post if post and Content.of(post).says_the_same(content) else None


def _refused(
    request: MemberRequest, composer: Composer, form: PostForm, content: Content, stopped: Stopped | None = None
) -> HttpResponse:
    seen = composer.looked_at(content)
    return _page(request, {**composer.context(form, content, seen), "stopped": stopped}, status=422)


def _lost(request: MemberRequest, composer: Composer, form: PostForm, content: Content) -> HttpResponse:
    """Somebody was first. The text stays in the form; sent again, it replaces theirs or becomes a post of its own."""
    data = request.POST.copy()
    if composer.post:
        data["revision"] = str(Post.objects.values_list("revision", flat=True).get(pk=composer.post.pk))
    else:
        data["key"] = str(uuid4())
    again = composer.form(data)
    content = composer.content(again)
    context = composer.context(again, content, composer.looked_at(content))
    return _page(request, {**context, "lost": "changed" if composer.post else "sent"}, status=409)


def _page(request: MemberRequest, context: dict[str, Any], status: int = 200) -> HttpResponse:
    shown = {**context, **consent_of(context["post"], request), "slug": request.workspace.slug}
    return render(request, "post_compose.html", shown, status=status)


def _autosaved(composer: Composer, form: PostForm, content: Content) -> bool:
    given = form.cleaned_data
    if composer.post is None and not given.get("key"):
        return False
    post = composer.post or draft_for(composer.workspace, composer.user, given["key"], content.language)
    post.revision = given.get("revision") or post.revision
    return autosave(post, content, composer.user)


def _keep_aside(request: MemberRequest, form: PostForm) -> None:
    kept = request.POST.urlencode()
    if len(kept) <= MOST_KEPT:
        request.session[_aside(form.post)] = kept


def _aside(post: Post | None) -> str:
    return f"edit-{post.pk if post else ''}"


def _tell(request: MemberRequest, post: Post, form: PostForm) -> None:
    slug, when = request.workspace.slug, form.cleaned_data["when"]
    view = reverse("edit" if when == "draft" else "post", args=[slug, post.pk])
    undo = "" if form.planned or when == "draft" else reverse("unschedule", args=[slug, post.pk])
    toast(request, speak(_said(post, when)), view, undo)


def _said(post: Post, when: str) -> Sentence:
    if when == "draft":
        return say("Draft saved")
    if when == AS_PLANNED:
        return say("Changes saved")
    channels = say_count("{count} channel", "{count} channels", post.channels.count())
    if post.queue:
        return _queued(post, channels)
    if when == "now":
        begun = say("Going out now on {channels}", channels=channels)
    else:
        begun = say("Scheduled for {when} on {channels}", when=post.starts_at, channels=channels)
    rule = getattr(post, "rule", None)
    if rule is None or rule.max_repeats is None:
        return begun
    repeats = say_count("{count} repeat", "{count} repeats", rule.max_repeats)
    return say("{begun} · {repeats}", begun=begun, repeats=repeats)


def _queued(post: Post, channels: Sentence) -> Sentence:
    first = Publication.objects.planned().filter(post=post).order_by("planned_for").first()
    if first is None:
        return say("In the queue on {channels}. No open slot of the next two weeks takes it yet.", channels=channels)
    return say("In the queue on {channels}, next on {when}", channels=channels, when=first.planned_for)
