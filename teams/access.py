"""Who may see and do what: views and forms get at a workspace only through a person's own membership."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from teams.models import Membership, User, Workspace


class MemberRequest(HttpRequest):
    """A request by a member of the workspace that its address names."""

    user: User
    workspace: Workspace
    membership: Membership


View = Callable[Concatenate[MemberRequest, ...], HttpResponse]


def member(role: str = "viewer") -> Callable[[View], Callable[..., HttpResponse]]:
    """The view is for members with at least this role. A stranger learns nothing, not even that it exists."""

    def wrap(view: View) -> Callable[..., HttpResponse]:
        @login_required
        @wraps(view)
        def inner(request: MemberRequest, slug: str, *args: Any, **kwargs: Any) -> HttpResponse:
            found = Membership.objects.select_related("workspace")
            membership = found.filter(user=request.user, workspace__slug=slug).first()
            if membership is None:
                raise Http404
            if not membership.may(role):
                said = _("Your role here is “{role}”; this needs at least “{needed}”. Ask an administrator.")
                needed = Membership.Role(role).label
                raise PermissionDenied(said.format(role=membership.get_role_display(), needed=needed))
            request.membership, request.workspace = membership, membership.workspace
            timezone.activate(request.workspace.zone)
            return view(request, *args, **kwargs)

        return inner

    return wrap
