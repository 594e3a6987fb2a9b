"""The addresses of writing: the composer, its live check and autosave, and the page of each post."""

from django.urls import path

from scheduler.views import compose, posts

urlpatterns = [
    path("compose/", compose.compose, name="compose"),
    path("compose/save/", compose.save, name="autosave"),
    path("compose/<int:pk>/", compose.edit, name="edit"),
    path("check/", compose.check, name="check"),
    path("posts/<int:pk>/", posts.show, name="post"),
    path("posts/<int:pk>/preview/", posts.preview, name="post_preview"),
    path("posts/<int:pk>/schedule/", posts.schedule, name="schedule"),
    path("posts/<int:pk>/unschedule/", posts.unschedule, name="unschedule"),
    path("posts/<int:pk>/stop/", posts.stop, name="stop"),
    path("posts/<int:pk>/retire/", posts.retire, name="retire"),
    path("posts/<int:pk>/keep/", posts.keep, name="keep"),
    path("posts/<int:pk>/repeat/", posts.repeat, name="repeat"),
    path("posts/<int:pk>/pause/", posts.pause, name="pause_post"),
    path("posts/<int:pk>/resume/", posts.resume, name="resume_post"),
]
