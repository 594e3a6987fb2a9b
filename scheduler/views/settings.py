"""A workspace's settings: its name, clock and language, who is in it, and the keys to its API."""

from __future__ import annotations

from copy import copy
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from notices.sentences import say
from scheduler import approvals
from scheduler.record import record
from scheduler.views.network_keys import may_enter_keys
from scheduler.zone import change_zone
from teams.access import MemberRequest, member
from teams.forms import TokenForm, WorkspaceForm
from teams.models import ApiToken


@member()
def settings(request: MemberRequest) -> HttpResponse:
    # A copy: what is refused must not show in the frame around the form.
    form = WorkspaceForm(request.POST or None, instance=copy(request.workspace))
    if request.method == "POST":
        if not request.membership.may("admin"):
            raise PermissionDenied(_("Settings are for administrators. Ask one of them."))
        if form.is_valid():
            _save(request, form)
            messages.success(request, _("Saved."))
            return redirect("settings", request.workspace.slug)
    return _page(request, form, TokenForm(request.membership))


@member()
@never_cache
@require_POST
def token_create(request: MemberRequest) -> HttpResponse:
    """Shows the token's text, this once and never again: only a digest of it is kept."""
    form = TokenForm(request.membership, request.POST)
    if not form.is_valid():
        return _page(request, WorkspaceForm(instance=request.workspace), form)
    now, days = timezone.now(), form.cleaned_data["days"]
    expires = now + timedelta(days=days) if days else None
    given = form.cleaned_data
    with transaction.atomic():
        token, text = ApiToken.issue(
            request.workspace, request.user, given["name"], given["scopes"], expires_at=expires
        )
        record(request.user, now, [("token_made", token, say("made the API token “{name}”", name=token.name))])
    return render(request, "token_show.html", {"token": token, "text": text})


@member()
@require_POST
def token_revoke(request: MemberRequest, pk: int) -> HttpResponse:
    """One's own; an administrator, anybody's."""
    now = timezone.now()
    token = get_object_or_404(_tokens(request), pk=pk)
    with transaction.atomic():
        if ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=now):
            record(
                request.user, now, [("token_revoked", token, say("revoked the API token “{name}”", name=token.name))]
            )
    messages.success(request, _("“{name}” is revoked, and opens nothing any more.").format(name=token.name))
    return redirect("settings", request.workspace.slug)


def _save(request: MemberRequest, form: WorkspaceForm) -> None:
    now, wanted = timezone.now(), form.cleaned_data
    with transaction.atomic():
        workspace = form.save()
        if form.changed_data:
            record(request.user, now, [("settings", workspace, say("changed the workspace's settings"))])
        if "needs_approval" in form.changed_data and workspace.needs_approval:
            approvals.switched_on(workspace, request.user, now)
        if wanted["zone"] != workspace.timezone:
            keep_clock = wanted["keep"] == "clock"
            change_zone(workspace, wanted["zone"], keep_clock=keep_clock, user=request.user, now=now)


def _page(request: MemberRequest, form: WorkspaceForm, token_form: TokenForm) -> HttpResponse:
    now = timezone.now()
    may_change = request.membership.may("admin")
    if not may_change:
        for field in form.fields.values():
            field.disabled = True
    live = _tokens(request).filter(revoked_at=None).select_related("user")
    shown: dict[str, Any] = {
        "form": form,
        "token_form": token_form,
        "may_change": may_change,
        "may_enter_keys": may_enter_keys(request),
        "members": request.workspace.memberships.select_related("user").order_by("pk"),
        "tokens": [token for token in live.order_by("-pk") if token.expires_at is None or token.expires_at > now],
    }
    wrong = form.errors or token_form.errors
    return render(request, "workspace_settings.html", shown, status=422 if wrong else 200)


def _tokens(request: MemberRequest) -> Any:
    mine = ApiToken.objects.filter(workspace=request.workspace)
    return mine if request.membership.may("admin") else mine.filter(user=request.user)
