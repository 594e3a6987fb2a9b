"""The keys by which networks know this Refrain: which, how to get them, and whether the network knows them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from notices.sentences import say
from notices.speak import speak
from posts.models import NetworkApp
from posts.models_connecting import redirect_address
from posts.networks import NETWORKS
from posts.networks.base import Connector
from posts.sealing import Unopened
from scheduler import connecting
from scheduler.record import record
from teams.access import MemberRequest, member
from teams.models import User


class AppForm(forms.Form):
    client_id = forms.CharField(label=gettext_lazy("Client id"), max_length=500)
    secret = forms.CharField(
        label=gettext_lazy("Client secret"),
        max_length=2000,
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text=gettext_lazy("Kept encrypted and never shown again. Left empty, it stays as it is."),
    )


def may_enter_keys(request: MemberRequest) -> bool:
    """They hold for the whole instance: for its superusers, and for owners where it has none."""
    if request.user.is_superuser:
        return True
    return request.membership.may("owner") and not User.objects.filter(is_superuser=True, is_active=True).exists()


@member("owner")
def network_keys(request: MemberRequest) -> HttpResponse:
    _must(request)
    known = dict(NetworkApp.objects.filter(redirect="").values_list("network", "changed_at"))
    rows = [(one, known.get(one.slug)) for one in connecting.registered_by_hand()]
    return render(request, "network_key_list.html", {"rows": rows})


@never_cache
@member("owner")
def network_key(request: MemberRequest, network: str) -> HttpResponse:
    _must(request)
    connector = _connector(network)
    known = connecting.known_app(connector)
    form = AppForm(request.POST or None, initial={"client_id": known.client_id if known else ""})
    if request.method == "POST" and form.is_valid():
        try:
            _save(request, connector, form.cleaned_data)
            messages.success(request, _("Saved."))
            return redirect("network_key", request.workspace.slug, network)
        except Unopened as error:
            form.add_error(None, speak(error.sentence))
    return _page(request, connector, known, form)


@never_cache
@member("owner")
def network_key_test(request: MemberRequest, network: str) -> HttpResponse:
    _must(request)
    connector = _connector(network)
    known = connecting.known_app(connector)
    if request.method != "POST" or known is None:
        return redirect("network_key", request.workspace.slug, network)
    try:
        tested = connecting.try_app(connector, known.app)
    except Unopened as error:
        tested = False, error.sentence
    return _page(request, connector, known, AppForm(initial={"client_id": known.client_id}), tested)


def _page(
    request: MemberRequest, connector: Connector, known: NetworkApp | None, form: AppForm, tested: Any = None
) -> HttpResponse:
    shown = {
        "network": connector,
        "steps": [_(step) for step in connector.steps],  # type: ignore[attr-defined]
        "console": connector.console,  # type: ignore[attr-defined]
        "scopes": connector.scopes,  # type: ignore[attr-defined]
        "redirect": redirect_address(),
        "known": known,
        "form": form,
        "tested": {"tone": {True: "connected", False: "failed", None: "info"}[tested[0]], "said": tested[1]}
        if tested
        else None,
    }
    return render(request, "network_key_edit.html", shown, status=422 if form.errors else 200)


def _save(request: MemberRequest, connector: Connector, given: dict[str, Any]) -> None:
    now = timezone.now()
    connecting.enter_app(connector, given["client_id"], given["secret"], now)
    said = say("entered Refrain's keys for {network}", network=connector.name)
    record(request.user, now, [("network_keys", request.workspace, said)])


def _connector(network: str) -> Connector:
    found = next((one for one in connecting.registered_by_hand() if one.slug == network), None)
    if found is None or network not in NETWORKS:
        raise Http404
    return found


def _must(request: MemberRequest) -> None:
    if not may_enter_keys(request):
        raise PermissionDenied(_("These keys hold for the whole of this Refrain. Ask whoever runs it."))
