"""What waits for a yes: the list with every word before one's eyes, and the question about one post."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django import forms
from django.core.exceptions import PermissionDenied
from django.db.models import OuterRef, Subquery
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods
from django_htmx.http import HttpResponseClientRedirect

from guards.base import ApprovalFacts, Consent
from guards.rules.not_approved import told
from notices.sentences import Sentence, say, say_count
from notices.speak import speak
from posts.approvals import words_now, words_of, writer_of
from posts.models import Post
from scheduler import approvals as asking
from scheduler.composer import for_composer
from scheduler.consents import facts_of, waiting
from scheduler.models import Publication
from scheduler.shell import frame
from scheduler.toasts import toast
from scheduler.verbs import SHORTEST_REASON, NotNow
from scheduler.views.paging import page_by
from teams.access import MemberRequest, member

PAGE = 25


@dataclass(frozen=True)
class Text:
    """One of a post's texts: for which network, or which of the wordings."""

    text: str
    network: str = ""
    letter: str = ""


@dataclass(frozen=True)
class Question:
    """A post as it waits for an answer. `own`: the reader may not answer, since these are the reader's own words."""

    post: Post
    facts: ApprovalFacts
    texts: list[Text]
    own: bool = False

    @property
    def sentence(self) -> Sentence:
        return told(self.facts)

    @property
    def given(self) -> bool:
        return self.facts.consent is Consent.GIVEN

    @property
    def value(self) -> str:
        return f"{self.post.pk}:{self.facts.words}"


class Answer(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("What should change?"),
        help_text=gettext_lazy("At least 10 characters. Only needed to ask for changes."),
        required=False,
        max_length=asking.LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def needs_reason(self) -> bool:
        """Whether one was given that says something; else the form says so."""
        self.fields["reason"].required = True
        self.fields["reason"].min_length = SHORTEST_REASON  # type: ignore[attr-defined]
        if self.is_valid() and len(self.cleaned_data["reason"].strip()) < SHORTEST_REASON:
            self.add_error("reason", _("At least 10 characters."))
        return self.is_valid()


@require_http_methods(["GET", "HEAD", "POST"])
@member()
def approvals(request: MemberRequest) -> HttpResponse:
    may = request.membership.may("approver")
    if request.method == "POST":
        _must(may)
        return _approved_several(request, request.POST.getlist("post"), timezone.now())
    coming = Publication.objects.planned().filter(post=OuterRef("post")).order_by("planned_for")
    rows = waiting(request.workspace).select_related("post__workspace", "post__author")
    rows = rows.annotate(next_at=Subquery(coming.values("planned_for")[:1]))
    rows = rows.prefetch_related("post__versions", "post__variations", "post__channels", "post__approvals")
    total = frame(request, timezone.now()).counts["approvals"]
    summary = speak(say_count("{count} post waits", "{count} posts wait", total))
    page = page_by(rows, "pk", request.GET, summary, size=PAGE)
    questions = [(row, question(row.post, request)) for row in page.rows]
    context = {"page": page, "questions": questions, "may": may, "slug": request.workspace.slug}
    return render(request, "approval_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@member()
def approval(request: MemberRequest, pk: int) -> HttpResponse:
    """One post's words, and the answers: approve, ask for changes; or, for who wrote them, ask and remind."""
    post = get_object_or_404(for_composer(request.workspace).prefetch_related("approvals"), pk=pk)
    form = Answer(request.POST or None)
    if request.method == "POST":
        return _answered(request, post, form, request.POST.get("action", ""), timezone.now())
    return _asked(request, post, form)


def question(post: Post, request: MemberRequest) -> Question:
    """`post` comes with its versions, variations and approvals."""
    own = request.workspace.four_eyes and writer_of(post) == request.user.pk
    return Question(post, facts_of(list(post.approvals.all()), words_of(post)), list(texts_of(post)), own)


def consent_of(post: Post | None, request: MemberRequest) -> dict[str, object]:
    """For a post's page: where the approval of its words stands; nothing where nobody asks for one."""
    if post is None or not request.workspace.needs_approval:
        return {"consent": None}
    loaded = "versions" in getattr(post, "_prefetched_objects_cache", {})
    facts = facts_of(list(post.approvals.all()), words_of(post) if loaded else words_now(post))
    return {"consent": facts, "consent_said": told(facts)}


def texts_of(post: Post) -> Iterable[Text]:
    variations = list(post.variations.all())
    yield Text(post.text, letter="A" if variations else "")
    for version in post.versions.all():
        yield Text(version.text, network=version.network)
    for place, variation in enumerate(variations, 1):
        yield Text(variation.text, letter=chr(ord("A") + place))


def _asked(request: MemberRequest, post: Post, form: Answer, status: int = 200) -> HttpResponse:
    context = {
        "question": question(post, request),
        "form": form,
        "may": request.membership.may("approver"),
        "may_edit": request.membership.may("editor"),
        "slug": request.workspace.slug,
        "history": [row for row in reversed(post.approvals.all()) if row.answer],
        "needed": request.workspace.needs_approval,
    }
    template = "approvals/_approval.html" if request.headers.get("HX-Request") else "approval_show.html"
    return render(request, template, context, status=status)


def _answered(request: MemberRequest, post: Post, form: Answer, action: str, now: datetime) -> HttpResponse:
    seen = request.POST.get("words", "")
    _must(request.membership.may("editor" if action == "ask" else "approver"))
    if action == "changes" and not form.needs_reason():
        return _asked(request, post, form, 422)
    try:
        if action == "approve":
            said = asking.outcome(asking.approve(post, seen, request.user, now))
        elif action == "changes":
            asking.ask_changes(post, seen, form.cleaned_data["reason"], request.user, now)
            said = say("Asked for changes: nothing of these words goes out.")
        else:
            said = asking.ask_or_remind(post, request.user, now)
    except NotNow as why:
        toast(request, speak(why.sentence), kind="error")
    else:
        toast(request, speak(said), kind="success")
    address = reverse("post", args=[request.workspace.slug, post.pk])
    if request.POST.get("next") == "approvals":
        address = reverse("approvals", args=[request.workspace.slug])
    return HttpResponseClientRedirect(address) if request.headers.get("HX-Request") else redirect(address)


def _approved_several(request: MemberRequest, chosen: list[str], now: datetime) -> HttpResponse:
    """Each in the words that stood on the page; what has changed since is left, and said."""
    wanted = dict(one.split(":", 1) for one in chosen[:PAGE] if one.count(":") == 1 and one.split(":")[0].isdecimal())
    done, left = 0, []
    for post in request.workspace.posts.select_related("workspace").filter(pk__in=wanted):
        try:
            asking.approve(post, wanted[str(post.pk)], request.user, now)
            done += 1
        except NotNow as why:
            left.append(why.sentence)
    if not done and not left:
        said = say("Tick the posts that you approve.")
    else:
        said = say_count("{count} post is approved.", "{count} posts are approved.", done)
    if left:
        said = say("{done} Not approved: {why}", done=said, why=left[0])
    toast(request, speak(said), kind="success" if done and not left else "error")
    return redirect("approvals", request.workspace.slug)


def _must(may: bool) -> None:
    if not may:
        raise PermissionDenied(_("This takes an approver. Ask one of them."))
