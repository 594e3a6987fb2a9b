"""The channels: how each stands, what is planned there, and connecting, renaming and disconnecting them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from notices.sentences import Sentence, say
from notices.speak import speak
from posts.models import Channel
from posts.networks import SANDBOXES
from posts.networks.base import Proof
from posts.sandbox.faults import FAULTS
from scheduler import breakers, connecting
from scheduler import channels as verbs
from scheduler.models import Pause
from scheduler.pauses import facts
from scheduler.verbs import NotNow
from teams.access import MemberRequest, member

NAMED = 20  # affected posts that are named before a channel is disconnected
PROOFS = {
    Proof.BY_KEY: _("It keeps a key with every post. When an answer is lost, Refrain asks by the key and knows."),
    Proof.BY_READING: _("It keeps no key. When an answer is lost, Refrain reads the timeline back and compares."),
    Proof.NOTHING: _("It proves nothing. When an answer is lost, a person has to look and decide."),
}


class ChannelForm(forms.Form):
    """A channel of the sandbox, the network that is built in."""

    name = forms.CharField(label=_("Name"), max_length=120, help_text=_("As your team calls it."))
    handle = forms.RegexField(
        r"^[a-z0-9][a-z0-9._-]*\Z",
        strip=True,
        label=_("Account"),
        max_length=120,
        help_text=_("Its name on the network: small letters, digits, dots and hyphens."),
        error_messages={"invalid": _("Use small letters, digits, dots and hyphens only.")},
    )
    network = forms.ChoiceField(
        label=_("What the network can prove"),
        widget=forms.RadioSelect,
        initial=next(iter(SANDBOXES)),
        choices=[(slug, PROOFS[one.proof]) for slug, one in SANDBOXES.items()],
    )


class NameForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Name"), max_length=120)


@member()
def channels(request: MemberRequest) -> HttpResponse:
    now = timezone.now()
    pauses = {
        one.channel_id: one for one in Pause.in_force(now).filter(workspace=request.workspace).exclude(channel=None)
    }
    found = list(verbs.with_counts(request.workspace, now))
    alone = breakers.open_of(found, now)
    rows = [_row(channel, pauses.get(channel.pk), alone.get(channel.pk)) for channel in found]
    return render(request, "channel_list.html", {"rows": rows, **_rights(request)})


@member("admin")
def add(request: MemberRequest) -> HttpResponse:
    form = ChannelForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            made = verbs.add(
                request.workspace, given["network"], given["handle"], given["name"], request.user, timezone.now()
            )
            messages.success(request, gettext("{channel} is connected.").format(channel=made.name))
            return redirect("channels", request.workspace.slug)
        except NotNow as no:
            form.add_error("handle", speak(no.sentence))
    status = 422 if form.errors else 200
    return render(request, "channel_add.html", {"form": form, "faults": list(FAULTS)}, status=status)


@member("editor")
def rename(request: MemberRequest, pk: int) -> HttpResponse:
    channel = _channel(request, pk)
    form = NameForm(request.POST or None, initial={"name": channel.name})
    if request.method == "POST" and form.is_valid():
        verbs.rename(channel, form.cleaned_data["name"], request.user, timezone.now())
        messages.success(request, gettext("Renamed."))
        return redirect("channels", request.workspace.slug)
    status = 422 if form.errors else 200
    return render(request, _template(request, "rename"), {"form": form, "channel": channel}, status=status)


@member("admin")
def disconnect(request: MemberRequest, pk: int) -> HttpResponse:
    channel = _channel(request, pk)
    if request.method == "POST":
        verbs.disconnect(channel, request.user, timezone.now())
        messages.success(request, gettext("{channel} is disconnected.").format(channel=channel.name))
        return redirect("channels", request.workspace.slug)
    posts = verbs.affected(channel)
    count = posts.count()
    shown = {"channel": channel, "posts": posts[:NAMED], "count": count, "unnamed": max(count - NAMED, 0)}
    return render(request, _template(request, "disconnect"), shown)


@require_POST
@member("admin")
def reconnect(request: MemberRequest, pk: int) -> HttpResponse:
    channel = _channel(request, pk)
    waiting = verbs.reconnect(channel, request.user, timezone.now())
    text = gettext("{channel} is connected again.").format(channel=channel.name)
    if waiting:
        text += " " + ngettext(
            "One publication was missed and waits for your word in Guard.",
            "{count} publications were missed and wait for your word in Guard.",
            waiting,
        ).format(count=waiting)
    messages.success(request, text)
    return redirect("channels", request.workspace.slug)


def _channel(request: MemberRequest, pk: int) -> Channel:
    return get_object_or_404(request.workspace.channels, pk=pk)


def _template(request: MemberRequest, name: str) -> str:
    in_dialog = request.htmx.target == "dialog"  # type: ignore[attr-defined]
    return f"channels/_{name}.html" if in_dialog else f"channel_{name}.html"


def _rights(request: MemberRequest) -> dict[str, bool]:
    return {"can_edit": request.membership.may("editor"), "can_connect": request.membership.may("admin")}


def _row(channel: Any, pause: Pause | None, alone: Sentence | None) -> dict[str, Any]:
    """`channel` as with_counts gives it."""
    faces = {Channel.State.DOWN: "reconnect", Channel.State.DISCONNECTED: "disconnected"}
    status = faces.get(channel.state, "paused" if pause else "connected")
    return {
        "channel": channel,
        "pause": pause,
        "status": status,
        "sentence": speak(_sentence(channel, pause, alone)),
        "network": channel.connector,
        "again": bool(connecting.ways(channel.connector)),
    }


def _sentence(channel: Any, pause: Pause | None, alone: Sentence | None) -> Sentence:
    if channel.state == Channel.State.DOWN:
        why = Sentence.from_json(channel.trouble) if channel.trouble else say("The network refused it.")
        return say("{why} Nothing goes out here until it is connected again.", why=why)
    if channel.state == Channel.State.DISCONNECTED:
        return say("Disconnected: what is planned here will be held when it is due.")
    if pause:
        told = facts(pause)
        return say("Paused by {who} on {when}. What is due meanwhile is held.", who=told.by, when=told.since)
    if alone:
        return say("{alone} What is due waits, and is held when it gets too late.", alone=alone)
    if channel.next_at is None:
        return say("Connected. Nothing is planned here.")
    return say("Connected. The next one goes out on {when}.", when=channel.next_at)
