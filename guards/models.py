"""What a workspace, one of its categories, or one post has decided about a guard."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from guards.catalogue import RULES
from guards.judge import Policy, Setting, default_policy
from guards.levels import Level, resolved
from notices.sentences import Sentence, say
from posts.models import Category, Post
from teams.models import Workspace


class GuardSetting(models.Model):
    """A guard's action and options, for a workspace, or closer for a category, or closest for a post.

    An empty action, and an option that is not there, are inherited.
    """

    class Action(models.TextChoices):
        OFF = "off", _("off")
        WARN = "warn", _("warn")
        HOLD = "hold", _("hold")
        BLOCK = "block", _("block")

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="guard_settings")
    category = models.ForeignKey(Category, models.CASCADE, null=True, blank=True, related_name="guard_settings")
    post = models.ForeignKey(Post, models.CASCADE, null=True, blank=True, related_name="guard_settings")
    guard = models.CharField(max_length=40)
    action = models.CharField(max_length=5, choices=Action.choices, blank=True, default="")
    options = models.JSONField(default=dict)

    class Meta:
        # One for each level, since SQLite takes each NULL for another one.
        constraints = (
            models.UniqueConstraint(
                fields=["workspace", "guard"], condition=Q(category=None, post=None), name="one_setting_per_guard"
            ),
            models.UniqueConstraint(fields=["workspace", "category", "guard"], name="one_setting_per_category"),
            models.UniqueConstraint(fields=["post", "guard"], name="one_setting_per_post"),
            models.CheckConstraint(condition=Q(category=None) | Q(post=None), name="setting_has_one_level"),
        )
        ordering: ClassVar = ["guard"]

    def __str__(self) -> str:
        return f"{self.guard}: {self.action}"

    @property
    def level(self) -> Level:
        return Level(self.action, self.options, self.source)

    @property
    def source(self) -> Sentence:
        if self.post_id:
            return say("set for this post")
        if self.category is None:
            return say("the workspace's setting")
        return say("the setting of the category {category}", category=self.category.name)

    @property
    def place(self) -> Place:
        return self.workspace_id, self.category_id, self.post_id


Place = tuple[int, int | None, int | None]  # a workspace, and one of its categories or posts


def deciding(workspace_id: int, category_id: int | None, post_id: int | None, guard: str, option: str) -> GuardSetting:
    """The row that decides this option for such a post; where none does, the workspace's, which may be new."""
    here = Q(category=None) | Q(category=category_id), Q(post=None) | Q(post=post_id)
    rows = list(GuardSetting.objects.filter(*here, workspace=workspace_id, guard=guard).select_related("category"))
    rows.sort(key=lambda row: (row.post_id is None, row.category_id is None))
    said = next((row for row in rows if option in row.options), None)
    whole = next((row for row in rows if row.place == (workspace_id, None, None)), None)
    return said or whole or GuardSetting(workspace_id=workspace_id, guard=guard)


class Policies:
    """The policy for each workspace, category and post asked about, read in one query."""

    def __init__(self, workspaces: Collection[int], posts: Collection[int | None] = ()) -> None:
        own = {post for post in posts if post}
        wanted = Q(post=None) | Q(post__in=own) if own else Q(post=None)
        rows = GuardSetting.objects.filter(wanted, workspace__in=workspaces).select_related("category")
        self._put(row for row in rows if row.guard in RULES)

    def of(self, workspace: int, category: int | None, post: int | None = None) -> Policy:
        key = (workspace, category, post if (workspace, None, post) in self._rows else None)
        if key not in self._made:
            self._made[key] = self._make(*key)
        return self._made[key]

    def said_at(self, workspace: int, category: int | None = None, post: int | None = None) -> dict[str, GuardSetting]:
        """What this very level says, by guard."""
        return dict(self._rows.get((workspace, category, post), {}))

    def said_of(self, guard: str) -> list[list[Any]]:
        """All that was read of this guard, for comparison."""
        said = ((place, rows[guard]) for place, rows in self._rows.items() if guard in rows)
        return sorted(([*place, row.action, row.options] for place, row in said), key=str)

    def with_change(self, row: GuardSetting) -> Policies:
        """As they would be if this row, which need not be saved, said what it says."""
        kept = [other for rows in self._rows.values() for other in rows.values()]
        return Policies.of_rows([*kept, row])

    def suppose(self, row: GuardSetting) -> None:
        """From now on as if this row, which need not be saved, said what it says."""
        self._rows[row.place][row.guard] = row
        self._made.clear()

    @classmethod
    def of_rows(cls, rows: Iterable[GuardSetting]) -> Policies:
        """The same from rows that are read already; of two for one level the last counts."""
        made = cls.__new__(cls)
        made._put(rows)
        return made

    def _put(self, rows: Iterable[GuardSetting]) -> None:
        self._rows: defaultdict[Place, dict[str, GuardSetting]] = defaultdict(dict)
        self._made: dict[Place, Policy] = {}
        for row in rows:
            self._rows[row.place][row.guard] = row

    def _make(self, workspace: int, category: int | None, post: int | None) -> Policy:
        places = dict.fromkeys([(workspace, None, None), (workspace, category, None), (workspace, None, post)])
        said = [self._rows[place] for place in places if place in self._rows]
        policy: dict[str, Setting] = default_policy()
        for guard in {guard for rows in said for guard in rows}:
            policy[guard] = resolved(guard, (rows[guard].level for rows in said if guard in rows))
        return policy
