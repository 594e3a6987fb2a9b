"""The rules: every guard with an example, its setting at each level, and what it would have held lately."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_POST

from guards.catalogue import RULES
from guards.choosing import choices, options_as_json
from guards.examples import found_in_example, ordinary
from guards.models import GuardSetting
from guards.printed import example_text, in_words, spoken_manual
from notices.speak import speak
from posts.models import Post
from scheduler import hindsight
from scheduler import rules as verbs
from scheduler.rules import Levels, Scope, Wish
from scheduler.views.looking_back import Preview, compared, in_hindsight
from scheduler.views.rule_form import ACTION, RuleForm
from teams.access import MemberRequest, member

OWN_POSTS = 20
FIRST_SENTENCE = re.compile(r"(?<=[.!?]) ")


@member()
def rules(request: MemberRequest) -> HttpResponse:
    """All of them at one level. With ?past=1, and for the part of the page that asks for it, with the counts."""
    now, scope = timezone.now(), _scope(request)
    levels = Levels(scope)
    past = _past(levels, now) if "past" in request.GET else {}
    context = _place(request, scope) | {
        "rules": [_told(name, levels, now) | {"past": past.get(name, "")} for name in RULES],
        "past_here": f"{_query(scope) or '?'}&past=1",
        "counted": bool(past),
    }
    part = request.htmx and bool(past)  # type: ignore[attr-defined]
    return render(request, "rules/_past.html" if part else "rule_list.html", context)


@member()
def rule(request: MemberRequest, guard: str) -> HttpResponse:
    now, levels = timezone.now(), Levels(_scope(request))
    return _page(request, RuleForm(None, levels, _known(guard)), now)


@require_POST
@member("editor")
def rule_save(request: MemberRequest, guard: str) -> HttpResponse:
    now, levels = timezone.now(), Levels(_scope(request))
    form = RuleForm(request.POST, levels, _known(guard))
    if not form.is_valid():
        return _page(request, form, now)
    return _decided(request, form.wish, levels, now)


@require_POST
@member("editor")
def rule_reset(request: MemberRequest, guard: str) -> HttpResponse:
    """One value, or all of them, back to what is inherited."""
    now, scope, name = timezone.now(), _scope(request), request.POST.get("value", "")
    levels, wish = Levels(scope), Wish(scope, _known(guard))
    own = levels.own.get(guard)
    if own and name:
        options = {option: value for option, value in own.options.items() if option != name}
        wish = Wish(scope, guard, "" if name == ACTION else own.action, options)
    if said := [one for faults in verbs.refusals(wish, levels).values() for one in faults]:
        messages.error(request, speak(said[0]))
        return redirect(reverse("rule", args=[request.workspace.slug, guard]) + _query(scope))
    return _decided(request, wish, levels, now)


@require_POST
@member()
def rule_preview(request: MemberRequest, guard: str) -> HttpResponse:
    """What a change that is not saved yet would have made of the last days; a part for the page, or all of it."""
    now, levels = timezone.now(), Levels(_scope(request))
    form = RuleForm(request.POST, levels, _known(guard))
    preview = compared(form.wish, levels, now) if form.is_valid() else None
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, "rules/_preview.html", {"form": form, "preview": preview})
    return _page(request, form, now, preview)


def _decided(request: MemberRequest, wish: Wish, levels: Levels, now: datetime) -> HttpResponse:
    if not request.membership.may(verbs.role_for(wish, levels)):
        raise PermissionDenied(_refusal(wish.scope))
    verbs.decide(wish, request.user, now)
    messages.success(request, gettext("The guard “{guard}” is set anew.").format(guard=speak(wish.rule.title)))
    return redirect(reverse("rule", args=[request.workspace.slug, wish.guard]) + _query(wish.scope))


def _refusal(scope: Scope) -> str:
    if scope.post:
        return gettext("You may be stricter with a post than its category is; to let more pass, ask an administrator.")
    return gettext("The rules of a workspace and its categories are for administrators. Ask one of them.")


def _page(request: MemberRequest, form: RuleForm, now: datetime, preview: Preview | None = None) -> HttpResponse:
    scope, guard = form.levels.scope, form.guard
    context = _place(request, scope) | {
        "form": form,
        "told": _told(guard, form.levels, now),
        "manual": spoken_manual(RULES[guard]),
        "overridable": RULES[guard].overridable,
        "may_change": request.membership.may("editor" if scope.post else "admin"),
        "preview": preview,
    }
    return render(request, "rule_show.html", context, status=422 if form.errors else 200)


def _scope(request: MemberRequest) -> Scope:
    """The level that the address names, as ?of=category-3. What is not of this workspace is not there."""
    kind, _dash, number = request.GET.get("of", "").partition("-")
    pk = int(number) if number.isascii() and number.isdecimal() and len(number) < 19 else 0
    if kind == "post":
        return Scope(request.workspace, post=get_object_or_404(_posts(request), pk=pk))
    if kind == "category":
        return Scope(request.workspace, category=get_object_or_404(request.workspace.categories, pk=pk))
    return Scope(request.workspace)


def _of(scope: Scope) -> str:
    if scope.post:
        return f"post-{scope.post.pk}"
    return f"category-{scope.category.pk}" if scope.category else ""


def _query(scope: Scope) -> str:
    return f"?of={_of(scope)}" if _of(scope) else ""


def _known(guard: str) -> str:
    if guard not in RULES:
        raise Http404
    return guard


def _posts(request: MemberRequest) -> QuerySet[Post]:
    return Post.objects.filter(workspace=request.workspace).select_related("category")


def _place(request: MemberRequest, scope: Scope) -> dict[str, Any]:
    """What level one is at, and which others there are: the posts are those that say anything of their own."""
    own = GuardSetting.objects.filter(workspace=request.workspace).exclude(post=None).values("post")
    posts = list(_posts(request).filter(pk__in=own).order_by("-pk")[:OWN_POSTS])
    if scope.post and scope.post not in posts:
        posts.insert(0, scope.post)
    return {
        "scope": scope,
        "of": _of(scope),
        "query": _query(scope),
        "categories": [(f"category-{one.pk}", one.name) for one in request.workspace.categories.order_by("name")],
        "posts": [(f"post-{one.pk}", one.title) for one in posts],
    }


def _told(name: str, levels: Levels, now: datetime) -> dict[str, Any]:
    """One guard in words, as it stands at this level."""
    the_rule, setting = RULES[name], levels.in_force[name]
    options, workspace = options_as_json(setting.options), levels.scope.workspace
    usual = ordinary(now, workspace.zone, get_language() or "en", example_text())
    return {
        "name": name,
        "title": the_rule.title,
        "finds": FIRST_SENTENCE.split(spoken_manual(the_rule).finds, maxsplit=1)[0],
        "example": found_in_example(the_rule, setting.options, usual).message,
        "status": "off" if setting.action is None else setting.action.word,
        "word": GuardSetting.Action("off" if setting.action is None else setting.action.word).label,
        "source": setting.source,
        "options": [
            (choice.label, in_words(choice, options[choice.name]), setting.sources.get(choice.name, setting.source))
            for choice in choices(the_rule)
        ],
        "own": name in levels.own,
    }


def _past(levels: Levels, now: datetime) -> dict[str, str]:
    seen = hindsight.hindsights(levels.scope, levels.policies, RULES, now)
    return {name: speak(in_hindsight(levels.in_force[name], seen.get(name))) for name in RULES}
