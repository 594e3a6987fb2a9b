"""Connecting a channel: which network, what is typed or signed in for, the way back, and which accounts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from notices.speak import speak
from posts.models import Channel
from posts.models_connecting import redirect_address
from posts.networks import NETWORKS
from posts.networks.access import Field, SignsIn
from posts.networks.base import Connector
from scheduler import channel_limits, connecting
from scheduler.connecting import Arrival, Lost, Visit
from scheduler.verbs import NotNow
from scheduler.views.network_keys import may_enter_keys
from teams.access import MemberRequest, member

LONGEST = 5000


class TypedForm(forms.Form):
    """What a network's connector asks for. A secret is never shown again."""

    def __init__(self, asked: Sequence[Field], data: Any = None, **options: Any) -> None:
        super().__init__(data, **options)
        for one in asked:
            shown = {"placeholder": one.placeholder, "autocomplete": "off", "spellcheck": "false"}
            widget = forms.PasswordInput(attrs=shown) if one.secret else forms.TextInput(attrs=shown)
            self.fields[one.name] = forms.CharField(
                label=_(one.label),
                help_text=_(one.help) if one.help else "",
                required=one.required,
                max_length=LONGEST,
                widget=widget,
            )


@member("admin")
def networks(request: MemberRequest) -> HttpResponse:
    found = [(one, _how(one)) for one in connecting.connectable()]
    return render(request, "channel_connect.html", {"networks": found})


@never_cache
@member("admin")
def connect(request: MemberRequest, network: str) -> HttpResponse:
    connector = _connector(network)
    channel = _channel(request, network)
    if request.method != "POST":
        return _page(request, connector, channel)
    way = request.POST.get("way", "")
    asked = connecting.ways(connector).get(way)
    if asked is None:
        raise Http404
    form = TypedForm(asked, request.POST, prefix=way)
    if not form.is_valid():
        return _page(request, connector, channel, {way: form})
    visit, typed, now = _visit(request, channel), form.cleaned_data, timezone.now()
    try:
        if way == "keys":
            return _arrived(request, connecting.with_keys(visit, connector, typed, now))
        address = connecting.begin(visit, connector, typed, now)
        return render(request, "channel_leave.html", {"address": address, "network": connector})
    except NotNow as no:
        form.add_error(None, speak(no.sentence))
        return _page(request, connector, channel, {way: form})


@never_cache
@require_GET
def callback(request: HttpRequest) -> HttpResponse:
    """Where every network sends people back to. Nobody is sent to sign in here first: it is their session's state."""
    if not request.user.is_authenticated:
        return _lost(request, Lost(connecting.LOST))
    session = request.session.session_key or ""
    try:
        return _arrived(request, connecting.back(request.GET.dict(), session, request.user, timezone.now()))
    except Lost as lost:
        return _lost(request, lost)


@never_cache
@member("admin")
def choose(request: MemberRequest, choice: str) -> HttpResponse:
    now, visit = timezone.now(), _visit(request, None)
    try:
        grants = connecting.offered(visit, choice, now)
        picked = [int(one) for one in request.POST.getlist("account") if one.isascii() and one.isdigit()]
        if request.method == "POST" and picked:
            return _arrived(request, connecting.choose(visit, choice, picked, now))
    except NotNow as no:
        return _lost(request, Lost(no.sentence))
    nothing = request.method == "POST"
    shown = {"accounts": list(enumerate(grants)), "nothing": nothing}
    return render(request, "channel_choose.html", shown, status=422 if nothing else 200)


@require_GET
def client_metadata(request: HttpRequest) -> HttpResponse:
    """By which servers that keep no register know us."""
    here = redirect_address()
    for one in NETWORKS.values():
        if isinstance(one, SignsIn) and connecting.has_document(one):
            app = connecting.app_at(one, "", timezone.now())
            return JsonResponse(one.client_metadata(app, here))
    raise Http404


def _page(
    request: MemberRequest, connector: Connector, channel: Channel | None, tried: Mapping[str, TypedForm] | None = None
) -> HttpResponse:
    tried = tried or {}
    ways = connecting.ways(connector)
    initial = {"handle": channel.handle, "server": channel.server} if channel else {}
    forms_ = {way: tried.get(way) or TypedForm(asked, prefix=way, initial=initial) for way, asked in ways.items()}
    shown = {
        "network": connector,
        "channel": channel,
        "sign_in": forms_.get("sign_in"),
        "keys": forms_.get("keys"),
        "steps": [_(step) for step in getattr(connector, "steps", ())] if "keys" in ways else [],
        "missing": isinstance(connector, SignsIn) and not connecting.is_known(connector),
        "may_enter": may_enter_keys(request),
        # A session that began under another name of this site is not there when the network sends people back.
        "elsewhere": settings.PUBLIC_URL if request.get_host() != urlsplit(settings.PUBLIC_URL).netloc else "",
    }
    return render(request, "channel_connect_to.html", shown, status=422 if tried else 200)


def _arrived(request: HttpRequest, arrival: Arrival) -> HttpResponse:
    slug = arrival.workspace.slug
    if arrival.choice:
        return redirect("channel_choose", slug, arrival.choice)
    channel_limits.learn(arrival.connected, timezone.now())
    if arrival.to_copy:
        to_copy = [(_(label), value) for label, value in arrival.to_copy]
        return render(request, "channel_copy.html", {"channel": arrival.connected[0], "to_copy": to_copy})
    names = ", ".join(channel.name for channel in arrival.connected)
    text = ngettext("{names} is connected.", "{names} are connected.", len(arrival.connected)).format(names=names)
    if arrival.missed:
        text += " " + ngettext(
            "One publication was missed and waits for your word in Guard.",
            "{count} publications were missed and wait for your word in Guard.",
            arrival.missed,
        ).format(count=arrival.missed)
    messages.success(request, text)
    return redirect("channels", slug)


def _lost(request: HttpRequest, lost: Lost) -> HttpResponse:
    return render(request, "channel_lost.html", {"sentence": lost.sentence, "sign_in": lost.sign_in}, status=403)


def _connector(network: str) -> Connector:
    found = NETWORKS.get(network)
    if found is None or not connecting.ways(found):
        raise Http404
    return found


def _channel(request: MemberRequest, network: str) -> Channel | None:
    """The one to be connected again, if the address names one."""
    named = request.GET.get("channel", "")
    if not named:
        return None
    pk = int(named) if named.isascii() and named.isdigit() and len(named) < 19 else 0
    return get_object_or_404(request.workspace.channels, pk=pk, network=network)


def _visit(request: MemberRequest, channel: Channel | None) -> Visit:
    return Visit(request.workspace, request.user, request.session.session_key or "", channel)


def _how(connector: Connector) -> str:
    ways = connecting.ways(connector)
    if "sign_in" in ways and "keys" in ways:
        return _("Sign in there, or enter a key")
    return _("Sign in there") if "sign_in" in ways else _("Enter a key from there")
