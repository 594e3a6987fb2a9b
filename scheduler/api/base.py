"""What all views of the API share: the token's workspace, one transaction for each change, answers kept by key."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from contextlib import nullcontext
from datetime import datetime
from typing import Any, ClassVar, cast

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer
from rest_framework.viewsets import GenericViewSet

from notices.speak import speak
from scheduler.api import spoken
from scheduler.api.fields import Body
from scheduler.schedule import Stopped
from scheduler.verbs import NotNow
from teams.idempotency import once
from teams.models import ApiToken, User, Workspace
from teams.problems import Problem
from teams.tokens import refusal

SAFE = ("GET", "HEAD", "OPTIONS")


class WorkspaceView(GenericViewSet[Any]):
    """A resource of the token's workspace. `scopes` names, by action, what is not read or write as usual."""

    scopes: ClassVar[dict[str, str]] = {}
    # Actions that ask a network meanwhile: their verbs keep transactions of their own, so that no lock waits for it.
    asking: ClassVar[frozenset[str]] = frozenset()
    filters: ClassVar[type[Body] | None] = None
    lookup_value_regex = "[0-9]{1,18}"
    now: datetime

    @property
    def workspace(self) -> Workspace:
        return cast(ApiToken, self.request.auth).workspace

    @property
    def user(self) -> User:
        return cast(User, self.request.user)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        self.now = timezone.now()
        method = (request.method or "").lower()
        if request.method in SAFE or not hasattr(self, method):
            return
        body = request._request.body  # at most DATA_UPLOAD_MAX_MEMORY_SIZE
        setattr(self, method, self._whole(getattr(self, method), request, body))

    def _whole(self, handler: Callable[..., Response], request: Request, body: bytes) -> Callable[..., Any]:
        """The handler, done wholly or not at all, and with an Idempotency-Key only once."""

        def do(*args: Any, **kwargs: Any) -> Response:
            try:
                with nullcontext() if self.action in self.asking else transaction.atomic():
                    return handler(*args, **kwargs)
            except Exception as error:
                return self.handle_exception(error)

        def answer(*args: Any, **kwargs: Any) -> Any:
            key = request.headers.get("Idempotency-Key")
            if request.method != "POST" or key is None:
                return do(*args, **kwargs)
            print_ = hashlib.sha256(body).hexdigest()
            same = f"{request.method} {request.get_full_path()} {_kind(request)} {print_}"
            asking = self.action in self.asking
            return once(self.workspace, key, same, self.now, lambda: do(*args, **kwargs), asking=asking)

        return answer

    def handle_exception(self, exc: Exception) -> Response:
        """The engine's refusals are answers, with the engine's own sentences."""
        if isinstance(exc, NotNow):
            exc = Problem(409, speak(exc.sentence))
        elif isinstance(exc, Stopped):
            said = _("A guard blocks this, so nothing was scheduled. Its findings say why, and what would help.")
            exc = Problem(422, said, **spoken.verdict(exc.verdict))
        return super().handle_exception(exc)

    def need(self, scope: str) -> None:
        """For what only turns out to need more inside a request."""
        if why := refusal(cast(ApiToken, self.request.auth), scope):
            raise PermissionDenied(why)

    def read(self, body: type[Serializer[Any]], data: Any = None, **options: Any) -> dict[str, Any]:
        """The validated body (or `data`)."""
        given = self.request.data if data is None else data
        reader = body(data=given, context=self.get_serializer_context(), **options)
        reader.is_valid(raise_exception=True)
        return dict(reader.validated_data)

    def wanted(self) -> dict[str, Any]:
        """The filters in the address, by name; an unknown one is refused, so that none is silently ignored."""
        assert self.filters is not None
        paging = ("cursor", "limit")
        given = {name: value for name, value in self.request.query_params.items() if name not in paging}
        return self.read(self.filters, given)

    def get_serializer_context(self) -> dict[str, Any]:
        context: dict[str, Any] = dict(super().get_serializer_context())
        drawn = getattr(self, "swagger_fake_view", False)
        return context | {"workspace": None if drawn else self.workspace}

    def page(self, rows: Any, show: Callable[[Any], dict[str, Any]]) -> Response:
        found = self.paginate_queryset(rows)
        return self.get_paginated_response([show(row) for row in found or []])


def _kind(request: Request) -> str:
    """A multipart body is told apart by its bytes, boundary included; the rest of its header says nothing."""
    return (request.content_type or "").partition(";")[0].strip().lower()
