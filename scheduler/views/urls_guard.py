"""The addresses of Home, the guard inbox, the explanation of a publication, the pauses, and thawing."""

from django.urls import path

from scheduler.views import explain, guard, home, pauses, thaw

urlpatterns = [
    path("", home.home, name="home"),
    path("guard/", guard.guard, name="guard"),
    path("guard/together/", guard.fix_group, name="fix_group"),
    path("guard/undo/<uuid:batch>/", guard.undo_deeds, name="undo_deeds"),
    path("occurrences/<int:pk>/", explain.explain, name="explain"),
    path("occurrences/<int:pk>/fix/", guard.fix, name="fix"),
    path("occurrences/<int:pk>/override/", guard.override, name="override"),
    path("occurrences/<int:pk>/settle/", guard.settle, name="settle"),
    path("occurrences/<int:pk>/take-down/", explain.take_down, name="take_down"),
    path("occurrences/<int:pk>/undo/", guard.undo_last, name="undo"),
    path("thaw/", thaw.thaw_instance, name="thaw"),
    path("pause/", pauses.pause, name="pause"),
    path("pause/<int:pk>/resume/", pauses.resume, name="resume"),
]
