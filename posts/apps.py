"""Names the app for Django, and tells the one way out where it may lead."""

from django.apps import AppConfig


class PostsConfig(AppConfig):
    name = "posts"

    def ready(self) -> None:
        # Needs the settings, which are whole only now.
        from posts import outward  # noqa: PLC0415

        outward.ready()
