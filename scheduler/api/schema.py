"""What the documentation says of every operation without its author having to: who may use it, and how it fails."""

from __future__ import annotations

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers

from teams.problems import MEDIA_TYPE
from teams.tokens import AUTHZ_CLASSES, scope_of

_CODES = {
    "400": "The body or an address parameter needs a change; `errors` says which.",
    "401": "No token, or one that is unknown, expired or revoked.",
    "403": "The token lacks the scope, or its owner the role.",
    "404": "This workspace has no such thing.",
    "406": "Answers are application/json.",
    "409": "Not as things stand, or the first request with this Idempotency-Key still runs.",
    "412": "Somebody has changed it since you read it.",
    "413": "The body is too large.",
    "415": "The body has another content type than those named.",
    "422": "A guard blocks it (the problem carries the verdict), or the Idempotency-Key was used for another request.",
    "428": "If-Match is missing.",
    "429": "Too many requests; Retry-After says how many seconds to wait.",
    "500": "It failed on our side, and nothing was changed.",
}
_ALWAYS = {"400", "401", "403", "406", "429", "500"}
_WRITING = {"409", "413", "415"}


class Mistake(serializers.Serializer[Any]):
    field = serializers.CharField(help_text="Where, with dots: repeat.interval; empty for the whole.")
    message = serializers.CharField()


class ProblemShown(serializers.Serializer[Any]):
    """RFC 9457. `detail` is a sentence for people, in the language of Accept-Language."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    instance = serializers.CharField()
    errors = Mistake(many=True, required=False)  # type: ignore[assignment]


class Bearer(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "teams.tokens.BearerAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        said = "A token of one workspace, made under Settings: rfn_…"
        return {"type": "http", "scheme": "bearer", "description": said}


class Schema(AutoSchema):
    view: Any

    def get_extensions(self) -> dict[str, Any]:
        scope = scope_of(self.view, self.method)
        return {"x-authz-class": AUTHZ_CLASSES[scope], "x-scope": scope}

    def get_override_parameters(self) -> list[Any]:
        if self.method == "POST":
            said = "Any text of your own. The same request sent again within 48 hours gets the same answer, done once."
            return [OpenApiParameter("Idempotency-Key", str, OpenApiParameter.HEADER, description=said)]
        if self.view.action in getattr(self.view, "guarded", ()):
            said = "The ETag of the version that is changed."
            return [OpenApiParameter("If-Match", str, OpenApiParameter.HEADER, required=True, description=said)]
        return []

    def get_description(self) -> str:  # type: ignore[override]
        """Of the operation itself: the view's own words stand with its tag."""
        handler = getattr(self.view, self.view.action, None)
        return " ".join((handler.__doc__ or "").split()) if handler else ""

    def get_summary(self) -> str:
        return self.get_description().partition(". ")[0].partition("; ")[0].rstrip(".")

    def _get_response_bodies(self, direction: Any = "response") -> dict[str, Any]:
        found: dict[str, Any] = super()._get_response_bodies(direction)
        shape = self.resolve_serializer(ProblemShown, "response").ref
        for code in sorted(self._failing()):
            found.setdefault(code, {"content": {MEDIA_TYPE: {"schema": shape}}, "description": _CODES[code]})
        return found

    def _failing(self) -> set[str]:
        codes = set(_ALWAYS)
        if "{" in self.path:
            codes.add("404")
        if self.method != "GET":
            codes |= _WRITING
        if self.method == "POST":
            codes.add("422")
        if self.view.action in getattr(self.view, "guarded", ()):
            codes |= {"412", "422", "428"}
        return codes
