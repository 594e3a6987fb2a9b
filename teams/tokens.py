"""Who a bearer token is, what it may do, and how often."""

from __future__ import annotations

import math
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from teams import counting
from teams.models import ApiToken, Membership, User

LAST_USE_EVERY = timedelta(minutes=1)
MINUTE = 60

# A scope is worth no more than the role of the token's owner, as it is now.
ROLES: dict[str, str] = {"read": "viewer", "write": "editor", "publish": "approver", "admin": "admin"}
# What the documentation calls who may use an operation.
AUTHZ_CLASSES: dict[str, str] = {
    "read": "workspace-read",
    "write": "workspace-write",
    "publish": "approve",
    "admin": "admin",
}


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
        if token.user.language and "Accept-Language" not in request.headers:
            translation.activate(token.user.language)
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="Refrain"'


class HasScope(BasePermission):
    """The token has the scope that the view asks for, and its owner still has the role to go with it."""

    message = ""

    def has_permission(self, request: Request, view: Any) -> bool:
        if not isinstance(request.auth, ApiToken):
            return False
        self.message = refusal(request.auth, scope_of(view, request.method or "GET"))
        return not self.message


class TokenRate(BaseThrottle):
    """So many requests a minute for each token, counted where all web processes see it."""

    left = 0

    def allow_request(self, request: Request, view: Any) -> bool:
        if not isinstance(request.auth, ApiToken):
            return True
        made, self.left = counting.count(f"api:{request.auth.pk}", MINUTE, timezone.now())
        return bool(made <= settings.API_RATE)

    def wait(self) -> float:
        return math.ceil(self.left)


def scope_of(view: Any, method: str) -> str:
    """The scope that an operation needs: the view's word on this action, else by the method."""
    by_action: dict[str, str] = getattr(view, "scopes", {})
    usual = "read" if method in ("GET", "HEAD", "OPTIONS") else "write"
    return by_action.get(getattr(view, "action", None) or "", usual)


def refusal(token: ApiToken, scope: str) -> str:
    """Why this token may not do what the scope covers; empty: it may."""
    if scope not in token.scopes:
        return _("This token lacks the scope “{scope}”.").format(scope=scope)
    membership = Membership.objects.filter(user=token.user, workspace=token.workspace).first()
    if membership is None or not membership.may(ROLES[scope]):
        role = Membership.Role(ROLES[scope]).label
        return _("The owner of this token would need at least the role “{role}”.").format(role=role)
    return ""
