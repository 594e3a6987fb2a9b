"""Addresses whose pages are being built; gone when the last has arrived."""

from django.http import HttpResponse
from django.urls import path


def arriving(request, **kwargs):
    return HttpResponse("This page is being built.")


urlpatterns = [path("arriving/settings/", arriving, name="settings")]
