"""The addresses of the calendar, the forecast, the channels and the sandbox's timeline."""

from django.urls import path

from scheduler.views import calendar, channels, connecting, forecast, limits, moving, timeline, what_if

urlpatterns = [
    path("calendar/", calendar.calendar, name="calendar"),
    path("occurrences/<int:pk>/glance/", moving.glance, name="glance"),
    path("occurrences/<int:pk>/move/", moving.move, name="move"),
    path("occurrences/<int:pk>/act/", moving.act, name="act"),
    path("forecast/", forecast.forecast, name="forecast"),
    path("forecast/what-if/", what_if.what_if_page, name="what_if"),
    path("channels/", channels.channels, name="channels"),
    path("channels/add/", channels.add, name="channel_add"),
    path("channels/connect/", connecting.networks, name="channel_connect"),
    path("channels/connect/<slug:network>/", connecting.connect, name="channel_connect_to"),
    path("channels/choose/<str:choice>/", connecting.choose, name="channel_choose"),
    path("channels/<int:pk>/limits/", limits.limits, name="channel_limits"),
    path("channels/<int:pk>/limits/ask/", limits.ask, name="channel_limits_ask"),
    path("channels/<int:pk>/rename/", channels.rename, name="channel_rename"),
    path("channels/<int:pk>/disconnect/", channels.disconnect, name="channel_disconnect"),
    path("channels/<int:pk>/reconnect/", channels.reconnect, name="channel_reconnect"),
    path("timeline/", timeline.timeline, name="timeline"),
    path("timeline/<str:remote_id>/like/", timeline.like, name="like"),
    path("timeline/<str:remote_id>/files/<str:name>/", timeline.said_file, name="said_file"),
]
