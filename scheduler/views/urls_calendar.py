"""The addresses of the calendar, the forecast, the channels and the sandbox's timeline."""

from django.urls import path

from scheduler.views import calendar, channels, forecast, moving, timeline, what_if

urlpatterns = [
    path("calendar/", calendar.calendar, name="calendar"),
    path("occurrences/<int:pk>/glance/", moving.glance, name="glance"),
    path("occurrences/<int:pk>/move/", moving.move, name="move"),
    path("occurrences/<int:pk>/act/", moving.act, name="act"),
    path("forecast/", forecast.forecast, name="forecast"),
    path("forecast/what-if/", what_if.what_if_page, name="what_if"),
    path("channels/", channels.channels, name="channels"),
    path("channels/add/", channels.add, name="channel_add"),
    path("channels/<int:pk>/rename/", channels.rename, name="channel_rename"),
    path("channels/<int:pk>/disconnect/", channels.disconnect, name="channel_disconnect"),
    path("channels/<int:pk>/reconnect/", channels.reconnect, name="channel_reconnect"),
    path("timeline/", timeline.timeline, name="timeline"),
    path("timeline/<str:remote_id>/like/", timeline.like, name="like"),
    path("timeline/<str:remote_id>/files/<str:name>/", timeline.said_file, name="said_file"),
]
