"""Django for the peers: the same PostgreSQL and Redis, nothing of Refrain's."""

import environ

env = environ.Env()
SECRET_KEY = "for the benchmark alone"
INSTALLED_APPS = ["django_celery_beat", "benchmarks.peers.notes"]
DATABASES = {"default": env.db_url("REFRAIN_DATABASE_URL")}
DATABASES["default"]["CONN_MAX_AGE"] = None
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
TIME_ZONE = "UTC"
CELERY_BROKER_URL = env.str("REFRAIN_REDIS_URL")
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
