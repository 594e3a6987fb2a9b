"""Names the app for Django and brings in the checks of the settings."""

from django.apps import AppConfig

from scheduler import checks


class SchedulerConfig(AppConfig):
    name = "scheduler"

    def ready(self) -> None:
        checks.register_all()
