"""A channel's limits, each with where it comes from, and what a person types instead."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from notices.sentences import Sentence
from notices.speak import speak
from posts.limits import OWN, known, said_nothing
from posts.models import Channel
from posts.networks.base import SendError
from scheduler import channel_limits as verbs
from teams.access import MemberRequest, member

LABELS = {
    "max_length": gettext_lazy("Length of a post"),
    "per_24h": gettext_lazy("Posts in 24 hours"),
    "min_gap_days": gettext_lazy("Days between the same words"),
    "images": gettext_lazy("Pictures in a post"),
    "image_bytes": gettext_lazy("Size of a picture"),
    "video_bytes": gettext_lazy("Size of a video"),
    "alt_length": gettext_lazy("Length of a description"),
}


class LimitsForm(forms.Form):
    """What is left empty holds as the network says."""

    def __init__(self, channel: Channel, data: Any = None) -> None:
        initial = {name: one["value"] for name, one in channel.own_limits.items()}
        super().__init__(data, initial=initial)
        usual = {one.name: one for one in known(channel.connector.limits, channel.told, {})}
        for name, (least, most) in OWN.items():
            without = usual[name].value
            help_text = _("Empty: no limit.") if without is None else _("Empty: {value}.").format(value=without)
            self.fields[name] = forms.IntegerField(
                label=LABELS[name], required=False, min_value=least, max_value=most, help_text=help_text
            )


@member()
def limits(request: MemberRequest, pk: int) -> HttpResponse:
    channel = get_object_or_404(request.workspace.channels, pk=pk)
    may_change = request.membership.may("editor")
    form = LimitsForm(channel, request.POST if request.method == "POST" and may_change else None)
    if form.is_bound and form.is_valid():
        verbs.set_limits(channel, form.cleaned_data, request.user, timezone.now())
        messages.success(request, _("Saved."))
        return redirect("channel_limits", request.workspace.slug, channel.pk)
    found = known(channel.connector.limits, channel.told, channel.own_limits)
    shown = {
        "channel": channel,
        "form": form,
        "may_change": may_change,
        "limits": [(LABELS[one.name], one) for one in found],
        "unit": _(channel.connector.limits.counted_in),
        "notes": [speak(Sentence.from_json(note)) for note in (channel.told or {}).get("notes", [])],
        "left": (channel.told or {}).get("left_24h"),
    }
    return render(request, "channel_limits.html", shown, status=422 if form.errors else 200)


@require_POST
@member("editor")
def ask(request: MemberRequest, pk: int) -> HttpResponse:
    channel = get_object_or_404(request.workspace.channels, pk=pk)
    try:
        verbs.ask(channel, timezone.now())
        said = _("This network says nothing of its limits.") if said_nothing(channel.told) else _("Asked.")
        messages.success(request, said)
    except SendError as error:
        messages.error(request, speak(error.sentence))
    return redirect("channel_limits", request.workspace.slug, channel.pk)
