"""Signing in and out, one's own account, and where to start."""

from django.urls import path

from teams import views

urlpatterns = [
    path("", views.start, name="start"),
    path("accounts/login/", views.sign_in, name="sign_in"),
    path("accounts/signup/", views.sign_up, name="sign_up"),
    path("accounts/logout/", views.sign_out, name="sign_out"),
    path("accounts/once/<str:key>/", views.sign_in_once, name="sign_in_once"),
    path("account/", views.account, name="account"),
    path("account/password/", views.password, name="password"),
    path("account/elsewhere/", views.sign_out_elsewhere, name="sign_out_elsewhere"),
    path("account/language/", views.set_language, name="set_language"),
    path("account/theme/", views.theme, name="theme"),
]
