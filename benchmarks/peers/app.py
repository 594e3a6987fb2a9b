"""The peers' Celery application and its one task."""

from __future__ import annotations

import os

import django
import httpx2
from celery import Celery

os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.peers.settings"
django.setup()

from django.utils import timezone  # noqa: E402

from benchmarks.peers.notes.models import Note  # noqa: E402

app = Celery("peers")
app.config_from_object("django.conf:settings", namespace="CELERY")

client = httpx2.Client(timeout=30)


@app.task(name="send")
def send(pk: int) -> None:
    """Load, send, note: no claim, no intent, no guard."""
    note = Note._default_manager.get(pk=pk)
    body = {"channel": note.channel, "text": note.text, "reference": str(pk)}
    client.post(f"{os.environ['REFRAIN_SANDBOX_URL']}/api/posts", json=body).raise_for_status()
    note.sent_at = timezone.now()
    note.save(update_fields=["sent_at"])
