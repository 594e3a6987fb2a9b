"""What every answer carries, and whose language and clock a page is written in."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.utils import timezone, translation

Answer = Callable[[HttpRequest], HttpResponse]

_CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; media-src 'self'; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; manifest-src 'self'"
)
_API = {"Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'", "Cache-Control": "no-store"}
# Trusted Types stay out: htmx, which pages are made with, sets innerHTML.
_ALWAYS = {
    "Content-Security-Policy": _CSP,
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class Packed(GZipMiddleware):
    """Pages are packed on their way; pictures and videos are packed already, and go as they are, to the byte."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if response.headers.get("Content-Type", "").startswith(("image/", "video/")):
            return response
        return super().process_response(request, response)


def headers(get_response: Answer) -> Answer:
    """Nothing from elsewhere, nothing inline; a page for somebody signed in is kept by no cache."""

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        for name, value in (_ALWAYS | _API if request.path.startswith("/api/") else _ALWAYS).items():
            response.headers.setdefault(name, value)
        if "sessionid" in request.COOKIES or "__Host-sessionid" in request.COOKIES:
            response.headers.setdefault("Cache-Control", "no-store")
        return response

    return answer


def reader(get_response: Answer) -> Answer:
    """The reader's language: their own choice, else the browser's. Views set the workspace's clock."""

    def answer(request: HttpRequest) -> HttpResponse:
        chosen = getattr(request.user, "language", "") or translation.get_language_from_request(request)
        with translation.override(chosen), timezone.override(None):
            response = get_response(request)
            spoken = translation.get_language() or chosen  # an API token's owner may have chosen another
        response.headers.setdefault("Content-Language", spoken)
        return response

    return answer
