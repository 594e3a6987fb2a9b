"""The addresses of what waits for a yes: the list, and the question about one post."""

from django.urls import path

from scheduler.views import approvals

urlpatterns = [
    path("approvals/", approvals.approvals, name="approvals"),
    path("posts/<int:pk>/approval/", approvals.approval, name="approval"),
]
