"""What a workspace, or one of its categories, has decided about a guard."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from guards.judge import Policy, default_policy, setting_for
from notices.sentences import Sentence, say
from posts.models import Category
from teams.models import Workspace


class GuardSetting(models.Model):
    """A guard's action and options, for a workspace or (closer, so stronger) one of its categories."""

    class Action(models.TextChoices):
        OFF = "off", _("off")
        WARN = "warn", _("warn")
        HOLD = "hold", _("hold")
        BLOCK = "block", _("block")

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="guard_settings")
    category = models.ForeignKey(Category, models.CASCADE, null=True, blank=True, related_name="guard_settings")
    guard = models.CharField(max_length=40)
    action = models.CharField(max_length=5, choices=Action.choices)
    options = models.JSONField(default=dict)

    class Meta:
        # Two, since SQLite takes each NULL for another one.
        constraints = (
            models.UniqueConstraint(
                fields=["workspace", "guard"], condition=models.Q(category=None), name="one_setting_per_guard"
            ),
            models.UniqueConstraint(fields=["workspace", "category", "guard"], name="one_setting_per_category"),
        )
        ordering: ClassVar = ["guard"]

    def __str__(self) -> str:
        return f"{self.guard}: {self.action}"


def deciding(workspace_id: int, category_id: int | None, guard: str) -> GuardSetting | None:
    """The setting in force for this category: its own, or else the workspace's; None: the guard's default."""
    rows = GuardSetting.objects.filter(workspace=workspace_id, guard=guard).select_related("category")
    found = {row.category_id: row for row in rows}
    return found.get(category_id) or found.get(None)


class Policies:
    """The policy for each workspace and category asked about, read in one query."""

    def __init__(self, workspace_ids: Collection[int]) -> None:
        self._rows: dict[tuple[int, int | None], list[GuardSetting]] = defaultdict(list)
        self._made: dict[tuple[int, int | None], Policy] = {}
        for row in GuardSetting.objects.filter(workspace__in=workspace_ids).select_related("category"):
            self._rows[row.workspace_id, row.category_id].append(row)

    def of(self, workspace_id: int, category_id: int | None) -> Policy:
        key = (workspace_id, category_id)
        if key not in self._made:
            self._made[key] = self._make(workspace_id, category_id)
        return self._made[key]

    def _make(self, workspace_id: int, category_id: int | None) -> Policy:
        policy = default_policy()
        closer = self._rows[workspace_id, category_id] if category_id else []
        for row in [*self._rows[workspace_id, None], *closer]:
            if row.guard in policy:
                policy[row.guard] = setting_for(row.guard, row.action, row.options, _source(row))
        return policy


def _source(row: GuardSetting) -> Sentence:
    if row.category is None:
        return say("the workspace's setting")
    return say("the setting of the category {category}", category=row.category.name)
