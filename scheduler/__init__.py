"""When: the project package and the engine."""

from scheduler.celery import app as celery_app

__all__ = ("celery_app",)
