"""Names the app for Django."""

from django.apps import AppConfig


class GuardsConfig(AppConfig):
    name = "guards"
