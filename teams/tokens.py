"""Who a bearer token is, and what it may do."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, ClassVar

from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from teams.models import ApiToken, Membership, User

LAST_USE_EVERY = timedelta(minutes=1)


class BearerAuthentication(BaseAuthentication):
    """`Authorization: Bearer rfn_…`. The token's workspace becomes `request.auth.workspace`."""

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        scheme, _space, text = get_authorization_header(request).decode("latin-1").partition(" ")
        if scheme.lower() != "bearer":
            return None
        now = timezone.now()
        token = ApiToken.find(text.strip(), now)
        if token is None:
            raise AuthenticationFailed(_("This token is not known, has expired, or was revoked."))
        if token.last_used_at is None or now - token.last_used_at > LAST_USE_EVERY:
            ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)
        timezone.activate(token.workspace.zone)
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="Refrain"'


class HasScope(BasePermission):
    """The token has the scope that the view asks for, and its owner still has the role to go with it."""

    ROLES: ClassVar[dict[str, str]] = {"read": "viewer", "write": "editor", "publish": "approver", "admin": "admin"}

    def has_permission(self, request: Request, view: Any) -> bool:
        if not isinstance(request.auth, ApiToken):
            return False
        needed = self._needed(request, view)
        if needed not in request.auth.scopes:
            self.message = _("This token lacks the scope “{scope}”.").format(scope=needed)
            return False
        membership = Membership.objects.filter(user=request.auth.user, workspace=request.auth.workspace).first()
        return membership is not None and membership.may(self.ROLES[needed])

    def _needed(self, request: Request, view: Any) -> str:
        by_action: dict[str, str] = getattr(view, "scopes", {})
        usual = "read" if request.method in ("GET", "HEAD", "OPTIONS") else "write"
        return by_action.get(getattr(view, "action", ""), usual)
