"""The addresses of the rules."""

from django.urls import path

from scheduler.views import rules

urlpatterns = [
    path("rules/", rules.rules, name="rules"),
    path("rules/<str:guard>/", rules.rule, name="rule"),
    path("rules/<str:guard>/save/", rules.rule_save, name="rule_save"),
    path("rules/<str:guard>/reset/", rules.rule_reset, name="rule_reset"),
    path("rules/<str:guard>/preview/", rules.rule_preview, name="rule_preview"),
]
