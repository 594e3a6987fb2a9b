"""Which bucket posts are in, and who is in the workspace."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from posts.models import Category
from scheduler.api.base import WorkspaceView
from scheduler.api.fields import Body, Text
from teams.models import Membership


class CategoryBody(Body):
    name = Text(max_length=60)
    colour = serializers.RegexField(r"^#[0-9a-fA-F]{6}$", default="#5B6B7B", help_text="Like #5B6B7B.")


class CategoryShown(CategoryBody):
    id = serializers.IntegerField()


class MemberShown(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField()
    email = serializers.EmailField()
    role = serializers.ChoiceField(Membership.Role.choices)


class Categories(WorkspaceView):
    """Content buckets; guards can be set for each."""

    serializer_class = CategoryShown
    order = "pk"

    def get_queryset(self) -> QuerySet[Category]:
        return Category.objects.filter(workspace=self.workspace)

    def list(self, request: Request) -> Response:
        """Categories of the workspace."""
        return self.page(self.get_queryset(), _category)

    def retrieve(self, request: Request, pk: str) -> Response:
        """One category."""
        return Response(_category(get_object_or_404(self.get_queryset(), pk=int(pk))))

    @extend_schema(request=CategoryBody, responses={201: CategoryShown})
    def create(self, request: Request) -> Response:
        """Make a category; names are used once in a workspace."""
        row = Category(workspace=self.workspace, **self.read(CategoryBody))
        return Response(_category(_saved(row)), status=201)

    @extend_schema(request=CategoryBody)
    def partial_update(self, request: Request, pk: str) -> Response:
        """Rename a category, or change its colour."""
        row = get_object_or_404(self.get_queryset().select_for_update(), pk=int(pk))
        for name, value in self.read(CategoryBody, partial=True).items():
            setattr(row, name, value)
        return Response(_category(_saved(row)))


class Members(WorkspaceView):
    """The people of the workspace and their roles."""

    serializer_class = MemberShown
    order = "pk"

    def get_queryset(self) -> QuerySet[Membership]:
        return Membership.objects.filter(workspace=self.workspace).select_related("user")

    def list(self, request: Request) -> Response:
        """Members of the workspace."""
        return self.page(self.get_queryset(), _member)


def _saved(row: Category) -> Category:
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise ValidationError({"name": [_("There is a category of this name already.")]}) from None
    return row


def _category(row: Category) -> dict[str, Any]:
    return {"id": row.pk, "name": row.name, "colour": row.colour}


def _member(row: Membership) -> dict[str, Any]:
    return {"id": row.pk, "name": row.user.name, "email": row.user.email, "role": row.role}
