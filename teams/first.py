"""The first person of a new Refrain, and the workspace that they start with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import get_language

from teams.models import Membership, User, Workspace


def found(given: Mapping[str, Any]) -> User | None:
    """Make both, with the person as owner. None: somebody else has been first."""
    with transaction.atomic():
        # A row that is always there: whoever holds it decides alone whether they are the first.
        ContentType.objects.select_for_update().get(app_label="teams", model="user")
        if User.objects.exists():
            return None
        user = User.objects.create_user(given["email"], given["password"], name=given["name"])
        workspace = Workspace.objects.create(
            name=given["workspace"],
            slug=free_slug(given["workspace"]),
            timezone=given["zone"],
            language=(get_language() or "en")[:2],
        )
        Membership.objects.create(user=user, workspace=workspace, role=Membership.Role.OWNER)
    return user


def free_slug(name: str) -> str:
    """An address for a workspace of this name that no other has."""
    wanted = slugify(name)[:50] or "workspace"
    taken = set(Workspace.objects.filter(slug__startswith=wanted).values_list("slug", flat=True))
    numbered = (f"{wanted}-{number}" for number in range(2, len(taken) + 3))
    return wanted if wanted not in taken else next(one for one in numbered if one not in taken)
