"""The Celery application: a doorbell, never the queue. The database holds what is due."""

import gc
import os
from typing import Any

from celery import Celery
from celery.signals import worker_process_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "scheduler.settings")

app = Celery("refrain")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_process_init.connect
def collect_less(**kwargs: Any) -> None:
    """What was loaded stays; a batch makes objects by the ten thousand, and looking through them took a fifth."""
    gc.freeze()
    gc.set_threshold(50_000, 10, 10)
