"""All addresses of the product."""

from django.urls import include, path

from scheduler.views import connecting
from scheduler.views.media import public
from scheduler.views.offers import offer

urlpatterns = [
    path("", include("teams.urls")),
    path("letters/<str:text>/", offer, name="offer"),
    path("files/<str:token>.<str:suffix>", public, name="media_public"),
    path("oauth/callback/", connecting.callback, name="oauth_callback"),
    path("oauth/client-metadata.json", connecting.client_metadata, name="client_metadata"),
    path("api/v1/", include("scheduler.api.urls")),
    path("w/<slug:slug>/", include("notices.urls")),
    path("w/<slug:slug>/", include("scheduler.views.urls_writing")),
    path("w/<slug:slug>/", include("scheduler.views.urls_library")),
    path("w/<slug:slug>/", include("scheduler.views.urls_media")),
    path("w/<slug:slug>/", include("scheduler.views.urls_guard")),
    path("w/<slug:slug>/", include("scheduler.views.urls_approvals")),
    path("w/<slug:slug>/", include("scheduler.views.urls_calendar")),
    path("w/<slug:slug>/", include("scheduler.views.urls_queue")),
    path("w/<slug:slug>/", include("scheduler.views.urls_rules")),
    path("w/<slug:slug>/", include("scheduler.views.urls_settings")),
]
