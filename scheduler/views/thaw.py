"""Letting a restored database work again: what it means first, then the button."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from scheduler import instance
from scheduler.thaw import doubt, thaw
from scheduler.toasts import toast
from teams.access import MemberRequest, member


@member("owner")
def thaw_instance(request: MemberRequest) -> HttpResponse:
    now = timezone.now()
    frozen = instance.check(now)
    if request.method == "POST" and frozen:
        thaw(request.user, now)
        toast(request, _("Thawed. Publishing goes on; what may be out already is asked after first."))
    if request.method == "POST" or not frozen:
        return redirect("home", request.workspace.slug)
    return render(request, "instance_thaw.html", {"frozen": frozen, "doubt": doubt(now)})
