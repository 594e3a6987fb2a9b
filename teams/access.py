"""Who may see and do what: views and forms get at a workspace only through a person's own membership."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _

from teams.models import Membership, User, Workspace


class AuthenticatedRequest(HttpRequest):
    """A request by somebody who is signed in."""

    user: User


class MemberRequest(AuthenticatedRequest):
    """A request by a member of the workspace that its address names."""

    workspace: Workspace
    membership: Membership


View = Callable[Concatenate[MemberRequest, ...], HttpResponseBase]


def member(role: str = "viewer") -> Callable[[View], Callable[..., HttpResponseBase]]:
    """The view is for members with at least this role. A stranger learns nothing, not even that it exists."""

    def wrap(view: View) -> Callable[..., HttpResponseBase]:
        @login_required
        @wraps(view)
        def inner(request: MemberRequest, slug: str, *args: Any, **kwargs: Any) -> HttpResponseBase:
            membership = next((one for one in memberships(request) if one.workspace.slug == slug), None)
            if membership is None:
                raise Http404
            if not membership.may(role):
                said = _("Your role here is “{role}”; this needs at least “{needed}”. Ask an administrator.")
                needed = Membership.Role(role).label
                raise PermissionDenied(said.format(role=membership.get_role_display(), needed=needed))
            _enter(request, membership)
            if request.session.get("workspace") != slug:
                request.session["workspace"] = slug
            return view(request, *args, **kwargs)

        return inner

    return wrap


def memberships(request: HttpRequest) -> list[Membership]:
    """Of the person who asks, by the workspaces' names; read once for a request."""
    known: list[Membership] | None = getattr(request, "_memberships", None)
    if known is None:
        mine = Membership.objects.filter(user=request.user)  # type: ignore[misc]
        known = list(mine.select_related("workspace").order_by("workspace__name", "pk"))
        request._memberships = known  # type: ignore[attr-defined]
    return known


def last_workspace(request: AuthenticatedRequest) -> Membership | None:
    """Enter the workspace that the person was in last, or their first; None when they are in none."""
    mine = {one.workspace.slug: one for one in sorted(memberships(request), key=lambda one: one.pk)}
    last = request.session.get("workspace", "")
    membership = mine.get(last) or next(iter(mine.values()), None)
    if membership is not None:
        _enter(request, membership)
    return membership


def _enter(request: Any, membership: Membership) -> None:
    request.membership, request.workspace = membership, membership.workspace
    timezone.activate(membership.workspace.zone)
