"""Addresses whose pages are being built; gone when the last has arrived."""

from django.http import HttpResponse
from django.urls import path


def arriving(request, **kwargs):
    return HttpResponse("This page is being built.")


urlpatterns = [
    path(f"arriving/{name}/", arriving, name=name)
    for name in (
        "home", "calendar", "library", "guard", "forecast", "channels", "import", "pause", "timeline",
        "notices", "search", "settings",
    )
]  # fmt: skip
urlpatterns += [
    path("occurrences/<int:pk>/", arriving, name="explain"),
]
