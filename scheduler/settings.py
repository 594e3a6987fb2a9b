"""All settings, from environment variables named REFRAIN_…; without any, the embedded default on SQLite.

`docs/settings.md` lists the variables. What is wrong in one of them is said by `scheduler.checks`.
"""

import secrets
import tempfile
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

env = environ.Env()
ROOT = Path(__file__).resolve().parent.parent


def _writable(folder: Path) -> Path:
    try:
        (folder / "static").mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=folder).close()
    except OSError as error:
        said = f"Cannot write into the data folder {folder}: {error.strerror}. REFRAIN_DATA names another."
        raise ImproperlyConfigured(said) from error
    return folder


def _mail(url: str) -> dict[str, object]:
    """Django's settings for sending mail; without an address none is written."""
    if url and not url.startswith(("smtp://", "smtp+tls://", "smtp+ssl://")):
        raise ImproperlyConfigured("REFRAIN_EMAIL_URL must begin with smtp://, smtp+tls:// or smtp+ssl://.")
    return dict(env.email_url_config(url)) if url else {}


def _media(address: str) -> dict[str, object]:
    """Django's storage for pictures and videos. What a bucket needs is imported when it is used, and not before."""
    if not address:
        return {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": DATA / "media"}}
    parts = urlsplit(address)
    query = dict(parse_qsl(parts.query))
    options = {
        "access_key": unquote(parts.username or ""),
        "secret_key": unquote(parts.password or ""),
        "bucket_name": parts.path.strip("/"),
        "endpoint_url": f"{query.get('scheme', 'https')}://{parts.netloc.rpartition('@')[2]}",
        "region_name": query.get("region"),
        "default_acl": None,
        "file_overwrite": True,  # names are made of the content
    }
    return {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": options}


def _kept_secret() -> str:
    """A key of this machine's own, made once: the embedded default needs nobody to invent one."""
    place = DATA / "secret_key"
    if not place.exists():
        place.touch(mode=0o600)
        place.write_text(secrets.token_urlsafe(50))
    return place.read_text().strip()


DATA = _writable(Path(env.str("REFRAIN_DATA", str(ROOT / "var"))))
# Who this instance is, to tell its own database from a restored or copied one; empty: kept in the data folder.
INSTANCE = env.str("REFRAIN_INSTANCE", "").strip()
DEBUG = False
SECRET_KEY = env.str("REFRAIN_SECRET_KEY", "") or _kept_secret()
PORT = env.int("REFRAIN_PORT", 8000)
ALLOWED_HOSTS = env.list("REFRAIN_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
PUBLIC_URL = env.str("REFRAIN_URL", f"http://127.0.0.1:{PORT}").rstrip("/")
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]
# How many proxies of one's own stand in front: so many entries of X-Forwarded-For, from the right, are believed.
PROXIES = env.int("REFRAIN_PROXIES", 1 if PUBLIC_URL.startswith("https://") else 0)

# The network that is built in: a server of its own, so that publications really leave the house.
SANDBOX_URL = env.str("REFRAIN_SANDBOX_URL", f"http://127.0.0.1:{PORT + 1}").rstrip("/")

# Where a network's servers are, if not where everybody's are: mastodon=https://…,telegram=https://…
NETWORK_URLS = {slug: url.rstrip("/") for slug, url in env.dict("REFRAIN_NETWORK_URLS", default={}).items()}
# Any other address was typed by somebody, and only public ones are called; here blocks of private ones can be allowed.
NETWORKS_MAY_REACH = env.list("REFRAIN_NETWORKS_MAY_REACH", default=[])

# What channels sign in with is encrypted under the first of these; the others open what is older. Empty: kept in the
# data folder, in a file of its own, so that a copy of the database alone opens nothing.
CREDENTIAL_KEYS = env.list("REFRAIN_CREDENTIAL_KEYS", default=[])

# One request to a network may take this long (seconds); a claim on a publication is kept three times as long.
SEND_DEADLINE = env.float("REFRAIN_SEND_DEADLINE", 60.0)
LEASE = 3 * SEND_DEADLINE
TICK = env.float("REFRAIN_TICK", 1.0)
SENDERS = env.int("REFRAIN_SENDERS", 128)  # requests that one process has on the way at once, one a channel
BATCH = env.int("REFRAIN_BATCH", 500)
# A worker that is connected and has answered no bell for so many seconds ends itself.
DEAF_AFTER = env.float("REFRAIN_DEAF_AFTER", 60.0)
# Asked every minute while work is done; who watches it notices when Refrain cannot tell any more.
PING_URL = env.str("REFRAIN_PING_URL", "").strip()

# The link check calls public addresses alone. An intranet's own, as blocks such as 10.1.0.0/16, are for whoever runs
# this machine to allow, and to answer for: any author of a post can then make it ask there.
LINKS_MAY_REACH = env.list("REFRAIN_LINKS_MAY_REACH", default=[])
LINKS_PACE = env.float("REFRAIN_LINKS_PACE", 1.0)  # seconds between two requests to one host
# Asked when no link at all can be reached: if these cannot be either, it is our own network that is down.
LINKS_CONTROLS = env.list(
    "REFRAIN_LINKS_CONTROLS", default=["https://example.com/", "https://www.iana.org/", "https://www.w3.org/"]
)

# Where pictures and videos are: the data folder, or a bucket such as s3://KEY:SECRET@s3.example.org/bucket?region=eu.
MEDIA = env.str("REFRAIN_MEDIA", "").strip()
MEDIA_QUOTA = env.int("REFRAIN_MEDIA_QUOTA", 5000)  # megabytes of one workspace
MEDIA_LARGEST = env.int("REFRAIN_MEDIA_LARGEST", 500)  # megabytes of one file

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_htmx",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "teams",
    "notices",
    "posts",
    "guards",
    "scheduler",
]
MIDDLEWARE = [
    "teams.middleware.Packed",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "teams.middleware.headers",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "teams.middleware.reader",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]
ROOT_URLCONF = "scheduler.urls"
WSGI_APPLICATION = "scheduler.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "scheduler.shell.shell",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "teams.templatetags.refrain",
                "notices.templatetags.sentences",
            ],
        },
    }
]

# Letters leave by this server; without one everything is told inside the app only.
EMAIL_URL = env.str("REFRAIN_EMAIL_URL", "")
vars().update(_mail(EMAIL_URL))
LETTERS = bool(EMAIL_URL)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.str("REFRAIN_EMAIL_FROM", f"Refrain <refrain@{urlsplit(PUBLIC_URL).hostname or 'localhost'}>")

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATABASES = {"default": env.db_url("REFRAIN_DATABASE_URL", f"sqlite:///{DATA / 'refrain.sqlite3'}")}
if "sqlite" in DATABASES["default"]["ENGINE"]:
    # FULL: a power cut must not lose the note that a request was about to leave. IMMEDIATE: two writers queue
    # up instead of failing with "database is locked" half-way.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
        "PRAGMA cache_size=-16000; PRAGMA temp_store=MEMORY;",
    }
else:
    # Nobody waits for ever: neither for a server that has gone without a word, nor for a lock whose holder is
    # frozen. No limit on a statement, since migrations are statements too; a worker's tasks have limits of their own.
    DATABASES["default"]["OPTIONS"] = {
        "application_name": "refrain",
        "connect_timeout": 10,
        "keepalives_idle": 15,
        "keepalives_interval": 5,
        "keepalives_count": 3,
        "tcp_user_timeout": 15_000,
        "options": "-c lock_timeout=15s -c idle_in_transaction_session_timeout=60s",
        **DATABASES["default"].get("OPTIONS", {}),
    }
DATABASES["default"]["CONN_MAX_AGE"] = 60
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True

REDIS_URL = env.str("REFRAIN_REDIS_URL", "")
CELERY_BROKER_URL = REDIS_URL or "memory://localhost/"
# A connection may die without a word (a firewall forgets it, a machine is gone): whoever waits on it finds out.
REDIS_PATIENCE = {"socket_timeout": 10, "socket_connect_timeout": 5, "socket_keepalive": True}
CELERY_BROKER_TRANSPORT_OPTIONS = (
    {"visibility_timeout": 600, "health_check_interval": 10, **REDIS_PATIENCE}
    if REDIS_URL
    else {"polling_interval": 0.05}
)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
# Ticks that wait behind slow work are worth nothing: they have a queue of their own and expire.
CELERY_TASK_ROUTES = {"scheduler.tasks.tick": {"queue": "tick"}}
CELERY_TASK_CREATE_MISSING_QUEUES = True
CELERY_BEAT_SCHEDULE = {"tick": {"task": "scheduler.tasks.tick", "schedule": TICK, "options": {"expires": 5 * TICK}}}
CELERY_BEAT_SCHEDULER = "celery.beat:Scheduler"

CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "OPTIONS": REDIS_PATIENCE,
    }
    if REDIS_URL
    else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
}

AUTH_USER_MODEL = "teams.User"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "sign_in"
LOGIN_REDIRECT_URL = "start"
SECURE = PUBLIC_URL.startswith("https://")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_NAME = "__Host-sessionid" if SECURE else "sessionid"
CSRF_COOKIE_NAME = "__Host-csrftoken" if SECURE else "csrftoken"
SECURE_HSTS_SECONDS = 63072000 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_SSL_REDIRECT = SECURE
# The browsers' preload list is for whoever owns the whole domain to decide, not for one site on it.
SILENCED_SYSTEM_CHECKS = ["security.W021"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SECURE else None
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 2**20
FILE_UPLOAD_MAX_MEMORY_SIZE = 2**20

USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = True
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("fr", "Français")]
FORMAT_MODULE_PATH = "teams.formats"
LOCALE_PATHS = [ROOT / "locale"]

STATIC_URL = "/static/"
STATIC_ROOT = DATA / "static"
STATICFILES_DIRS = [ROOT / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "media": _media(MEDIA),
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 3600

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["teams.tokens.BearerAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["teams.tokens.HasScope"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["scheduler.api.parsers.StrictJSON"],
    "DEFAULT_THROTTLE_CLASSES": ["teams.tokens.TokenRate"],
    "DEFAULT_PAGINATION_CLASS": "scheduler.api.pages.Keyset",
    "DEFAULT_SCHEMA_CLASS": "scheduler.api.schema.Schema",
    "EXCEPTION_HANDLER": "teams.problems.problem",
    "URL_FORMAT_OVERRIDE": None,
    "DATETIME_FORMAT": "iso-8601",
}
# Requests that one token of the API may make in a minute.
API_RATE = env.int("REFRAIN_API_RATE", 600)
SPECTACULAR_SETTINGS = {
    "TITLE": "Refrain",
    "DESCRIPTION": "Everything the dashboard can do. Bearer tokens are made under Settings.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "SCHEMA_PATH_PREFIX": "/api/v1/",
    "SERVE_AUTHENTICATION": [],
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_NAME_OVERRIDES": {
        "Action": "scheduler.models.ACTIONS",
        "Setting": "guards.models.GuardSetting.Action",
        "PostStatus": "posts.models.Post.Status",
        "PublicationState": "scheduler.states.State",
    },
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)-7s %(name)s: %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("REFRAIN_LOG", "WARNING").upper()},
    "loggers": {"celery": {"level": "WARNING"}, "celery.worker.request": {"level": "ERROR"}},
}
