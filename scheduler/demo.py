"""The demo workspace."""

from __future__ import annotations

from datetime import datetime

from teams.models import Membership, User, Workspace


def seed_if_empty(now: datetime) -> User | None:
    """Make the demo workspace on an empty database. Returns the person to sign in."""
    if not User.objects.exists():
        user = User.objects.create_user("demo@refrain.example", name="Marie Martin")
        workspace = Workspace.objects.create(name="Atelier Martin", slug="demo", timezone="Europe/Paris")
        Membership.objects.create(user=user, workspace=workspace, role="owner")
    return User.objects.order_by("pk").first()
