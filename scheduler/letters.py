"""Letters in each reader's own language and on the workspace's clock; and those that ask for approval."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext, ngettext

from notices import post
from notices.post import Written
from posts.models import Post
from teams.models import Membership

IN_ONE = 10  # things told of one by one


def approval_asked(posts: Sequence[Post], now: datetime) -> None:
    """To the approvers of these posts' workspaces."""
    by_workspace: defaultdict[int, list[Post]] = defaultdict(list)
    for one in posts if settings.LETTERS else ():
        by_workspace[one.workspace_id].append(one)
    for member in members(by_workspace, "approver"):
        with as_to(member):
            post.keep([_asking(member, by_workspace[member.workspace_id])], now)


def members(workspaces: Iterable[int], role: str) -> list[Membership]:
    wanted = Membership.objects.filter(workspace__in=list(workspaces), user__is_active=True, user__letters=True)
    return [one for one in wanted.select_related("user", "workspace").order_by("pk") if one.may(role)]


@contextmanager
def as_to(member: Membership) -> Iterator[None]:
    """In the member's language, and on the workspace's clock."""
    language = member.user.language or member.workspace.language
    with translation.override(language), timezone.override(member.workspace.zone):
        yield


def _asking(member: Membership, posts: Sequence[Post]) -> Written:
    name, count = member.workspace.name, len(posts)
    subject = ngettext("{name}: {count} post waits for approval", "{name}: {count} posts wait for approval", count)
    slug = member.workspace.slug
    told = [f"{one.text}\n- {settings.PUBLIC_URL}{reverse('approval', args=[slug, one.pk])}" for one in posts[:IN_ONE]]
    everything = settings.PUBLIC_URL + reverse("approvals", args=[slug])
    told.append(gettext("All that waits: {address}").format(address=everything))
    return Written(member.user, subject.format(name=name, count=count), ended(told))


def ended(told: list[str]) -> str:
    account = settings.PUBLIC_URL + reverse("account")
    links = gettext("A link opens a page that asks first. It is yours, it works once, and for a week.")
    stop = gettext("Letters like this are switched off in your account: {address}").format(address=account)
    return "\n\n".join([*told, links, stop]) + "\n"
