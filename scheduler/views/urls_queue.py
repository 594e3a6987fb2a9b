"""The addresses of the queue and of the channels' slots."""

from django.urls import path

from scheduler.views import queue, slots

urlpatterns = [
    path("queue/", queue.show, name="queue"),
    path("queue/<int:pk>/<str:way>/", queue.step, name="queue_step"),
    path("channels/<int:pk>/slots/", slots.show, name="slots"),
    path("channels/<int:pk>/slots/copy/", slots.copy, name="slots_copy"),
    path("slots/<int:pk>/switch/", slots.switch, name="slot_switch"),
    path("slots/<int:pk>/remove/", slots.remove, name="slot_remove"),
]
