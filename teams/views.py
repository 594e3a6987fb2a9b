"""Signing in and out, one's own account, and where to start."""

from django.contrib.auth import login, logout
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from teams.models import SignInLink


@login_required
def start(request: HttpRequest) -> HttpResponse:
    first = request.user.workspaces.order_by("pk").first()
    return redirect("home", first.slug) if first else render(request, "no_workspace.html")


def sign_in(request: HttpRequest) -> HttpResponse:
    return HttpResponse("arriving")


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    return redirect("sign_in")


def sign_in_once(request: HttpRequest, key: str) -> HttpResponse:
    user = SignInLink.use(key, timezone.now())
    if user is None:
        return redirect("sign_in")
    login(request, user)
    return redirect("start")


@login_required
def account(request: HttpRequest) -> HttpResponse:
    return HttpResponse("arriving")
