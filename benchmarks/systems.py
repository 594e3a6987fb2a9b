"""Refrain, and what a Django user would otherwise pick for the same work."""

from benchmarks.system import System

PLAIN = ("-l", "ERROR", "--without-gossip", "--without-mingle")

REFRAIN = System(
    "Refrain",
    "benchmarks.refrain",
    (
        ("-m", "celery", "-A", "scheduler", "-q", "worker", "-Q", "celery,tick", "-c", "2", *PLAIN),
        ("-m", "celery", "-A", "scheduler", "-q", "beat", "--pidfile=", "-l", "ERROR"),
    ),
)
_PEER = ("-m", "celery", "-A", "benchmarks.peers.app", "-q")
_PEER_WORKER = (*_PEER, "worker", "-c", "2", *PLAIN)
CELERY_ETA = System("Celery ETA", "benchmarks.peers.eta", (_PEER_WORKER,), lead=15)
DJANGO_CELERY_BEAT = System(
    "django-celery-beat",
    "benchmarks.peers.beat",
    (
        _PEER_WORKER,
        (*_PEER, "beat", "--pidfile=", "-l", "ERROR", "-S", "django_celery_beat.schedulers:DatabaseScheduler"),
    ),
    minute=True,
    lead=30,
)
