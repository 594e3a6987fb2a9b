"""Addresses whose pages are being built; gone when the last has arrived."""

from django.http import HttpResponse
from django.urls import path


def arriving(request, **kwargs):
    return HttpResponse("This page is being built.")


urlpatterns = [
    path(f"arriving/{name}/", arriving, name=name)
    for name in (
        "home", "compose", "library", "guard", "import", "pause",
        "search", "settings", "check",
    )
]  # fmt: skip
urlpatterns += [
    path("occurrences/<int:pk>/", arriving, name="explain"),
    path("occurrences/<int:pk>/fix/", arriving, name="fix"),
    path("posts/<int:pk>/", arriving, name="post"),
    path("compose/<int:pk>/", arriving, name="edit"),
]
