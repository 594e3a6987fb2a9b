"""Signing in and out, the first person, one's own account, and where to start."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import authenticate, login, logout, update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import check_for_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_POST

from teams import tries
from teams.access import AuthenticatedRequest, last_workspace
from teams.first import found
from teams.forms import AccountForm, PasswordForm, SignInForm, SignUpForm
from teams.models import SignInLink, User

YEAR = 365 * 24 * 3600


@login_required
def start(request: AuthenticatedRequest) -> HttpResponse:
    membership = last_workspace(request)
    return redirect("home", membership.workspace.slug) if membership else render(request, "no_workspace.html")


@never_cache
@sensitive_post_parameters("password")
def sign_in(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:
        return _onwards(request)
    if not User.objects.exists():
        return redirect("sign_up")
    form = SignInForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return _door(request, form, 422 if form.is_bound else 200)
    now, email = timezone.now(), form.cleaned_data["email"]
    if seconds := tries.wait(request, email, now):
        return _closed(request, form, seconds)
    user = authenticate(request, username=email, password=form.cleaned_data["password"])
    if user is None:
        form.add_error(None, _("E-mail or password is wrong."))
        return _door(request, form, 422)
    tries.forget(email, now)
    login(request, user)
    return _onwards(request)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    return redirect("sign_in")


@never_cache
@require_GET
def sign_in_once(request: HttpRequest, key: str) -> HttpResponse:
    """The link that the terminal shows: it opens once, within the hour, and is worth nothing afterwards."""
    user = SignInLink.use(key, timezone.now())
    if user is not None:
        login(request, user)
        return redirect("start")
    if request.user.is_authenticated:
        return redirect("start")
    return render(request, "sign_in_once.html", status=410)


@never_cache
@sensitive_post_parameters("password")
def sign_up(request: HttpRequest) -> HttpResponse:
    """For the first person only; everybody after them is let in by somebody who is in."""
    form = SignUpForm(request.POST or None)
    if User.objects.exists():
        return redirect("sign_in")
    if request.method != "POST" or not form.is_valid():
        return render(request, "sign_up.html", {"form": form}, status=422 if form.is_bound else 200)
    user = found(form.cleaned_data)
    if user is None:
        return redirect("sign_in")
    login(request, user)
    return redirect("start")


@login_required
def account(request: AuthenticatedRequest) -> HttpResponse:
    form = AccountForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Saved."))
        return redirect("account")
    return _account(request, form, PasswordForm(request.user))


@login_required
@require_POST
@sensitive_post_parameters("old", "new")
def password(request: AuthenticatedRequest) -> HttpResponse:
    """A new password ends every other session of the person."""
    form = PasswordForm(request.user, request.POST)
    if not form.is_valid():
        return _account(request, AccountForm(instance=request.user), form)
    request.user.set_password(form.cleaned_data["new"])
    request.user.save(update_fields=["password"])
    update_session_auth_hash(request, request.user)
    messages.success(request, _("Your password is changed, and you are signed out everywhere else."))
    return redirect("account")


@login_required
@require_POST
def sign_out_elsewhere(request: AuthenticatedRequest) -> HttpResponse:
    request.user.sign_out_everywhere()
    update_session_auth_hash(request, request.user)
    messages.success(request, _("You are signed out everywhere but here."))
    return redirect("account")


@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    wanted, answer = request.POST.get("language", ""), _onwards(request)
    if check_for_language(wanted) and wanted in dict(settings.LANGUAGES):
        if isinstance(request.user, User):
            User.objects.filter(pk=request.user.pk).update(language=wanted)
        answer.set_cookie(settings.LANGUAGE_COOKIE_NAME, wanted, YEAR, samesite="Lax", secure=settings.SECURE)
    return answer


@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Kept in a cookie, which scripts may set too: the server draws the page in it from the first byte."""
    wanted, answer = request.POST.get("theme", ""), _onwards(request)
    if wanted in ("light", "dark", "system"):
        answer.set_cookie("theme", wanted, YEAR, samesite="Lax", secure=settings.SECURE)
    return answer


def _onwards(request: HttpRequest) -> HttpResponseRedirect:
    """To where the person was going, if that is on this site; else to the start."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    own = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return HttpResponseRedirect(wanted) if own and wanted.startswith("/") else redirect("start")


def _door(request: HttpRequest, form: SignInForm, status: int) -> HttpResponse:
    going = request.POST.get("next") or request.GET.get("next") or ""
    return render(request, "sign_in.html", {"form": form, "next": going}, status=status)


def _closed(request: HttpRequest, form: SignInForm, seconds: int) -> HttpResponse:
    minutes = -(-seconds // 60)
    form.add_error(
        None,
        ngettext(
            "Too many tries. Wait {count} minute, then try again.",
            "Too many tries. Wait {count} minutes, then try again.",
            minutes,
        ).format(count=minutes),
    )
    answer = _door(request, form, 429)
    answer.headers["Retry-After"] = str(seconds)
    return answer


def _account(request: AuthenticatedRequest, form: AccountForm, password_form: PasswordForm) -> HttpResponse:
    if last_workspace(request) is None:
        return render(request, "no_workspace.html")
    wrong = form.errors or password_form.errors
    shown = {"form": form, "password_form": password_form}
    return render(request, "account_edit.html", shown, status=422 if wrong else 200)
