"""What people decide about the guards for a workspace, a category or a post: what is refused, who may, the record."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from django.db import models, transaction
from django.db.models import Q

from guards.base import Rule
from guards.catalogue import RULES
from guards.choosing import options_as_json, troubles, wrong
from guards.judge import DEFAULT, Policy, Setting, default_policy
from guards.levels import Level, eases, resolved
from guards.models import GuardSetting, Policies
from notices.sentences import Sentence, say
from posts.models import Category, Post
from scheduler.plan import touch
from scheduler.record import record
from teams.models import User, Workspace


@dataclass(frozen=True)
class Scope:
    """The level that is spoken of: a workspace, or one of its categories, or one of its posts."""

    workspace: Workspace
    category: Category | None = None
    post: Post | None = None

    @property
    def keys(self) -> tuple[int, int | None, int | None]:
        return self.workspace.pk, self.category.pk if self.category else None, self.post.pk if self.post else None

    def row(self, guard: str, action: str, options: Mapping[str, Any]) -> GuardSetting:
        """What this level would say, not saved."""
        return GuardSetting(
            workspace=self.workspace,
            category=self.category,
            post=self.post,
            guard=guard,
            action=action,
            options=dict(options),
        )


class Levels:
    """All guards as they stand at one level: what is said there, and what is inherited. One query."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.policies = Policies([scope.workspace.pk], [scope.post.pk] if scope.post else [])

    @cached_property
    def own(self) -> dict[str, GuardSetting]:
        return self.policies.said_at(*self.scope.keys)

    @cached_property
    def inherited(self) -> Policy:
        workspace, post = self.scope.workspace.pk, self.scope.post
        if post:
            return self.policies.of(workspace, post.category_id)
        return self.policies.of(workspace, None) if self.scope.category else default_policy()

    @cached_property
    def in_force(self) -> Policy:
        workspace, category, post = self.scope.keys
        return self.policies.of(workspace, self.scope.post.category_id if self.scope.post else category, post)


@dataclass(frozen=True)
class Wish:
    """What one level is to say of a guard: an empty action, and options left out, are inherited."""

    scope: Scope
    guard: str
    action: str = ""
    options: Mapping[str, Any] = field(default_factory=dict)

    @property
    def rule(self) -> Rule:
        return RULES[self.guard]

    def setting(self, inherited: Setting) -> Setting:
        """What would hold there."""
        before = "off" if inherited.action is None else inherited.action.word
        base = Level(before, options_as_json(inherited.options), DEFAULT)
        return resolved(self.guard, [base, Level(self.action, self.options, DEFAULT)])


def refusals(wish: Wish, levels: Levels) -> dict[str, list[Sentence]]:
    """Why it cannot be so, by option ("" for all together); also what would then make no sense closer by."""
    inherited = levels.inherited[wish.guard]
    found = wrong(wish.rule, wish.options, options_as_json(inherited.options))
    if not found and (closer := list(_closer(wish, levels))):
        found[""] = closer
    return found


def role_for(wish: Wish, levels: Levels) -> str:
    """The least role that may decide so.

    A workspace's and a category's rules are an administrator's. Whoever writes posts may be stricter with one of
    them than its workspace and category are, and take that back; what would let more pass is an administrator's too,
    since otherwise a post's own setting would be an override without a reason.
    """
    if wish.scope.post is None:
        return "admin"
    inherited = levels.inherited[wish.guard]
    return "admin" if eases(wish.rule, inherited, wish.setting(inherited)) else "editor"


def decide(wish: Wish, user: User, now: datetime) -> None:
    """Keep it; a level that says nothing any more is forgotten, and inherits all."""
    if not wish.action and not wish.options:
        return reset(wish.scope, wish.guard, user, now)
    scope = wish.scope
    with transaction.atomic():
        row, _made = GuardSetting.objects.update_or_create(
            workspace=scope.workspace,
            category=scope.category,
            post=scope.post,
            guard=wish.guard,
            defaults={"action": wish.action, "options": dict(wish.options)},
        )
        _noted(scope, _set(scope, wish.rule), row, user, now)
    return None


def reset(scope: Scope, guard: str, user: User, now: datetime) -> None:
    """Back to what the level inherits."""
    workspace, category, post = scope.keys
    rows = GuardSetting.objects.filter(workspace=workspace, category=category, post=post, guard=guard)
    with transaction.atomic():
        for row in rows.select_for_update(of=("self",)):
            _noted(scope, _unset(scope, RULES[guard]), row, user, now)
            row.delete()


def _closer(wish: Wish, levels: Levels) -> Iterator[Sentence]:
    """The categories and posts whose own options would no longer go together with what they inherit."""
    if wish.scope.post:
        return
    below = Q(post__category=wish.scope.category) if wish.scope.category else ~Q(category=None, post=None)
    rows = GuardSetting.objects.filter(below, workspace=wish.scope.workspace, guard=wish.guard).exclude(options={})
    before = levels.policies.with_change(wish.scope.row(wish.guard, wish.action, wish.options))
    for row in rows.select_related("category", "post")[:100]:
        category = row.post.category_id if row.post else row.category_id
        inherited = before.of(row.workspace_id, category if row.post else None)[wish.guard]
        options = resolved(wish.guard, [Level("", options_as_json(inherited.options), DEFAULT), row.level]).options
        for trouble in troubles(wish.rule, options):
            yield say("With this, what is set for {whom} would make no sense: {why}", whom=_named(row), why=trouble)


def _named(row: GuardSetting) -> Sentence:
    if row.post:
        return say("“{title}”", title=row.post.title)
    return say("the category {category}", category=row.category.name if row.category else "")


def _set(scope: Scope, rule: Rule) -> Sentence:
    if scope.post:
        return say("set the guard “{guard}” for “{title}”", guard=rule.title, title=scope.post.title)
    if scope.category:
        return say(
            "set the guard “{guard}” for the category {category}", guard=rule.title, category=scope.category.name
        )
    return say("set the guard “{guard}”", guard=rule.title)


def _unset(scope: Scope, rule: Rule) -> Sentence:
    if scope.post:
        return say("put the guard “{guard}” back to usual for “{title}”", guard=rule.title, title=scope.post.title)
    if scope.category:
        return say(
            "put the guard “{guard}” back to usual for the category {category}",
            guard=rule.title,
            category=scope.category.name,
        )
    return say("put the guard “{guard}” back to its default", guard=rule.title)


def _noted(scope: Scope, said: Sentence, row: GuardSetting, user: User, now: datetime) -> None:
    """A post's own is on the post's record, where its readers look."""
    thing: models.Model = scope.post or row
    touch([scope.workspace.pk], now)
    record(user, now, [("guard_set", thing, said)])
