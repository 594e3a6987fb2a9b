"""Refrain's own Celery application, with networks that are asked sooner what became of a post: a test is short."""

from __future__ import annotations

from datetime import timedelta

import django

django.setup()

from posts.networks.sandbox import Sandbox, SandboxReading  # noqa: E402
from scheduler import settle  # noqa: E402
from scheduler.celery import app  # noqa: E402

__all__ = ["app"]

for network in (Sandbox, SandboxReading):
    network.settle_after = 2.0
settle.ASKING = timedelta(seconds=2)
settle.ASK_AGAIN = (timedelta(seconds=2),) * 60
