"""The addresses of a workspace's settings."""

from django.urls import path

from scheduler.views import settings

urlpatterns = [
    path("settings/", settings.settings, name="settings"),
    path("settings/tokens/", settings.token_create, name="token_create"),
    path("settings/tokens/<int:pk>/revoke/", settings.token_revoke, name="token_revoke"),
]
