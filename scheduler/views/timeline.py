"""The sandbox network as its users see it: what really arrived there from this workspace, and what they like."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from hashlib import sha256
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from notices.sentences import Sentence
from notices.speak import speak
from posts.media.taken import SUFFIXES
from posts.models import Channel
from posts.networks import SANDBOXES
from posts.networks.base import Account, SendError
from posts.networks.sandbox import Said
from scheduler.models import Publication
from scheduler.views.media import SAFE
from teams.access import MemberRequest, member
from teams.models import Workspace

PATIENCE = 3.0  # seconds for one look at the sandbox; it stands beside us or not at all
EACH = 20  # posts of one channel
MOST = 50


@member()
def timeline(request: MemberRequest) -> HttpResponse:
    """With htmx the posts alone; nothing at all when they are as they were."""
    channels = _channels(request.workspace)
    said, trouble = _read(channels)
    shown = _shown(request.workspace, channels, said)
    seen = _digest(shown, trouble)
    if request.htmx and request.GET.get("seen") == seen:  # type: ignore[attr-defined]
        return HttpResponse(status=204)
    context = {"posts": shown, "trouble": speak(trouble) if trouble else "", "seen": seen, "channels": channels}
    template = "timeline/_timeline.html" if request.htmx else "timeline_show.html"  # type: ignore[attr-defined]
    return render(request, template, context)


@require_safe
@member()
def said_file(request: MemberRequest, remote_id: str, name: str) -> HttpResponse:
    """A file as it really arrived there: of a post of this workspace, and no other."""
    channels = _channels(request.workspace)
    try:
        one = channels[0]
        network, account = SANDBOXES[one.network], _account(one)
        (shown,) = _shown(request.workspace, channels, [network.read(account, remote_id)])
        (mime,) = {file.mime for file in shown["said"].media if file.id == name}
        body = network.file(account, name)
    except (SendError, ValueError, IndexError):
        raise Http404 from None
    if mime not in SUFFIXES or mime.startswith("video/"):
        raise Http404
    return HttpResponse(body, content_type=mime, headers={**SAFE, "Cache-Control": "private, max-age=86400"})


@require_POST
@member()
def like(request: MemberRequest, remote_id: str) -> HttpResponse:
    """Really likes it. A post that is not this workspace's own is not there."""
    channels = _channels(request.workspace)
    try:
        one = channels[0]
        network, account = SANDBOXES[one.network], _account(one)
        (shown,) = _shown(request.workspace, channels, [network.read(account, remote_id)])
        liked = network.like(account, remote_id)
    except (SendError, ValueError, IndexError):
        raise Http404 from None
    if not request.htmx:  # type: ignore[attr-defined]
        return redirect("timeline", request.workspace.slug)
    return render(request, "timeline/_post.html", {"post": shown | {"said": liked}})


def _channels(workspace: Workspace) -> list[Channel]:
    return list(workspace.channels.filter(network__in=list(SANDBOXES)).order_by("name"))


def _read(channels: Sequence[Channel]) -> tuple[list[Said], Sentence | None]:
    """Each account once: the sandbox's three tempers share one timeline."""
    said: list[Said] = []
    try:
        for channel in {channel.handle: channel for channel in channels}.values():
            said += SANDBOXES[channel.network].timeline(_account(channel), EACH)
    except SendError as error:
        return said, error.sentence
    return said, None


def _account(channel: Channel) -> Account:
    return replace(channel.account, deadline=PATIENCE)


def _shown(workspace: Workspace, channels: Sequence[Channel], said: Sequence[Said]) -> list[dict[str, Any]]:
    """Two workspaces may have given a channel the same account: only one's own publications are shown."""
    references = {int(one.reference) for one in said if one.reference.isascii() and one.reference.isdigit()}
    ours = Publication.objects.filter(workspace=workspace, pk__in=references)
    channel_of = {channel.pk: channel for channel in channels}
    known = {str(pk): channel_of.get(channel) for pk, channel in ours.values_list("pk", "channel")}
    newest = sorted(said, key=lambda one: (one.at, one.remote_id), reverse=True)
    return [
        {"said": one, "publication": int(one.reference), "channel": channel}
        for one in newest
        if (channel := known.get(one.reference)) and channel.handle == one.handle
    ][:MOST]


def _digest(shown: Sequence[dict[str, Any]], trouble: Sentence | None) -> str:
    told = [(one["said"].remote_id, one["said"].reactions) for one in shown]
    return sha256(repr((told, trouble)).encode()).hexdigest()[:16]
