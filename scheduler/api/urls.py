"""The addresses of the API, version 1."""

from django.urls import include, path, re_path
from rest_framework.routers import SimpleRouter

from scheduler.api import docs
from scheduler.api.channels import Channels
from scheduler.api.forecast import Forecast
from scheduler.api.guards import Guards
from scheduler.api.health import Health
from scheduler.api.imports import Imports
from scheduler.api.looking import AuditLog, Check
from scheduler.api.media import Media, Uploads
from scheduler.api.pauses import Pauses
from scheduler.api.places import Categories, Members
from scheduler.api.posts import Posts
from scheduler.api.publications import Publications
from scheduler.api.queue import Queue
from scheduler.api.slots import Slots

router = SimpleRouter()
router.register("posts", Posts, "api-posts")
router.register("publications", Publications, "api-publications")
router.register("channels", Channels, "api-channels")
router.register("categories", Categories, "api-categories")
router.register("slots", Slots, "api-slots")
router.register("queue", Queue, "api-queue")
router.register("members", Members, "api-members")
router.register("guards", Guards, "api-guards")
router.register("pauses", Pauses, "api-pauses")
router.register("check", Check, "api-check")
router.register("forecast", Forecast, "api-forecast")
router.register("media", Media, "api-media")
router.register("uploads", Uploads, "api-uploads")
router.register("imports", Imports, "api-imports")
router.register("health", Health, "api-health")
router.register("audit-log", AuditLog, "api-audit-log")

urlpatterns = [
    path("", include(router.urls)),
    path("schema/", docs.Description.as_view(), name="api-schema"),
    path("docs/", docs.docs, name="api-docs"),
    re_path(r"^(?P<rest>.*)$", docs.Unknown.as_view()),
]
