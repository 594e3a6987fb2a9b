"""The addresses of a workspace's settings."""

from django.urls import path

from scheduler.views import network_keys, settings

urlpatterns = [
    path("settings/", settings.settings, name="settings"),
    path("settings/networks/", network_keys.network_keys, name="network_keys"),
    path("settings/networks/<slug:network>/", network_keys.network_key, name="network_key"),
    path("settings/networks/<slug:network>/test/", network_keys.network_key_test, name="network_key_test"),
    path("settings/tokens/", settings.token_create, name="token_create"),
    path("settings/tokens/<int:pk>/revoke/", settings.token_revoke, name="token_revoke"),
]
