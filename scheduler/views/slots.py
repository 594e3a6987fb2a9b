"""A channel's slots: its week, times added and removed, and the same week for other channels."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from notices.speak import speak
from posts.models import Category, Channel
from scheduler import slots as verbs
from scheduler.models import Slot
from scheduler.verbs import NotNow
from teams.access import MemberRequest, member
from teams.models import Workspace


class SlotForm(forms.Form):
    """One time on some days of the week."""

    weekdays = forms.TypedMultipleChoiceField(
        label=_("Days"),
        choices=Slot.Weekday.choices,
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one day.")},
    )
    at = forms.TimeField(
        label=_("Time"),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"invalid": _("This is not a time of day such as 10:00."), "required": _("Choose a time.")},
    )
    category = forms.ModelChoiceField(
        Category.objects.none(), label=_("Category"), required=False, empty_label=_("All posts of the queue")
    )

    def __init__(self, data: Any, workspace: Workspace) -> None:
        super().__init__(data, label_suffix="")
        categories: Any = self.fields["category"]
        categories.queryset = workspace.categories.all()


@member()
def show(request: MemberRequest, pk: int) -> HttpResponse:
    """The week, and (for editors) a form that adds to it."""
    channel = get_object_or_404(request.workspace.channels, pk=pk)
    may = request.membership.may("editor")
    form = SlotForm(request.POST if request.method == "POST" and may else None, request.workspace)
    if form.is_bound and form.is_valid() and _added(request, channel, form):
        return redirect("slots", request.workspace.slug, pk)
    found = list(channel.slots.select_related("category"))
    context = {
        "channel": channel,
        "form": form,
        "week": [(label, [one for one in found if one.weekday == day]) for day, label in Slot.Weekday.choices],
        "any": bool(found),
        "others": [one for one in request.workspace.channels.all() if one.pk != pk],
        "can_edit": may,
    }
    return render(request, "slots_show.html", context, status=422 if form.errors else 200)


@require_POST
@member("editor")
def copy(request: MemberRequest, pk: int) -> HttpResponse:
    channel = get_object_or_404(request.workspace.channels, pk=pk)
    wanted = [int(one) for one in request.POST.getlist("to") if one.isdecimal() and len(one) < 18]
    to = list(request.workspace.channels.filter(pk__in=wanted).exclude(pk=pk))
    try:
        count = verbs.copy(channel, to, request.user, timezone.now())
        said = ngettext("{count} slot was copied.", "{count} slots were copied.", count).format(count=count)
        messages.success(request, said if count else gettext("They have all these slots already."))
    except NotNow as no:
        messages.error(request, speak(no.sentence))
    return redirect("slots", request.workspace.slug, pk)


@require_POST
@member("editor")
def switch(request: MemberRequest, pk: int) -> HttpResponse:
    """Off or on: what is off keeps its place in the week and is not filled."""
    slot = _slot(request, pk)
    verbs.change(slot, request.user, timezone.now(), active=request.POST.get("active") == "on")
    return redirect("slots", request.workspace.slug, slot.channel_id)


@require_POST
@member("editor")
def remove(request: MemberRequest, pk: int) -> HttpResponse:
    slot = _slot(request, pk)
    verbs.remove(slot, request.user, timezone.now())
    messages.success(request, gettext("{slot} is removed.").format(slot=speak(verbs.name_of(slot))))
    return redirect("slots", request.workspace.slug, slot.channel_id)


def _slot(request: MemberRequest, pk: int) -> Slot:
    found: Slot = get_object_or_404(verbs.of_workspace(request.workspace), pk=pk)
    return found


def _added(request: MemberRequest, channel: Channel, form: SlotForm) -> bool:
    given = form.cleaned_data
    try:
        made = verbs.add(channel, given["weekdays"], given["at"], given["category"], request.user, timezone.now())
    except NotNow as no:
        form.add_error("at", speak(no.sentence))
        return False
    count = len(made)
    messages.success(request, ngettext("{count} slot added.", "{count} slots added.", count).format(count=count))
    return True
