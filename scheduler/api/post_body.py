"""A post as JSON, in and out."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema_field, extend_schema_serializer
from rest_framework import serializers

from guards.base import Consent
from guards.rules.not_approved import told
from notices.speak import speak
from posts.along import Along
from posts.content import LONGEST
from posts.models import Category, Channel, Media, Post, RepeatRule
from posts.taking_along import MOST_FILES, MOST_PARTS
from posts.writing import Content
from scheduler.api.fields import (
    BIGGEST_KEY,
    Body,
    Choice,
    Day,
    Moment,
    PostText,
    Ref,
    Text,
    Versions,
    Whole,
    YesOrNo,
    shown,
)
from scheduler.approvals import LONGEST_REASON
from scheduler.candidates import repeat_of
from scheduler.check import Draft
from scheduler.consents import standing
from teams.models import Workspace

LONGEST_INTERVAL, MOST_REPEATS = 3650, 9999
MOST_WORDINGS, MOST_CHANNELS = 10, 100
_VERSIONS = {
    "type": "object",
    "additionalProperties": {
        "type": "object",
        "properties": {
            "text": {"type": "string", "description": "Left out: as the post's."},
            "thread": {"type": "array", "items": {"type": "string"}, "description": "Left out: as the post's."},
            "media": {"type": "array", "items": {"type": "integer"}, "description": "Left out: as the post's."},
        },
    },
}


class RepeatBody(Body):
    """Comes again every `interval` units, `max_repeats` more times after the first, and not after `end_date`."""

    interval = Whole(min_value=1, max_value=LONGEST_INTERVAL)
    unit = Choice(RepeatRule.Unit.choices)
    max_repeats = Whole(min_value=0, max_value=MOST_REPEATS, allow_null=True, default=None)
    end_date = Day(allow_null=True, default=None)
    skip_short_months = YesOrNo(
        default=False, help_text="On the 31st: leave February out (true), or take its last day (false)."
    )
    by_sharing = YesOrNo(
        default=False,
        help_text="Share the earlier post again where the network can and it has the same words; else send the words.",
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs["max_repeats"] is None and attrs["end_date"] is None:
            raise serializers.ValidationError(_("A repeat has to end: give max_repeats, end_date or both."))
        return attrs


class PostBody(Body):
    """What a person writes. `versions` gives a network a text of its own; `variations` are texts that repeats use
    in turn, after the main one. Times without an offset are on the workspace's clock."""

    text = PostText(max_length=LONGEST)
    language = serializers.RegexField(
        r"^[a-zA-Z]{2,3}(-[a-zA-Z0-9]{2,8})?$",
        required=False,
        max_length=12,
        error_messages={"invalid": gettext_lazy("Write a language such as en, fr or pt-BR.")},
        help_text="Usual: the language of the workspace.",
    )
    channels = serializers.ListField(child=Ref(Channel), default=list, max_length=MOST_CHANNELS)
    versions = extend_schema_field(_VERSIONS)(Versions)(default=dict)
    variations = serializers.ListField(child=PostText(max_length=LONGEST), default=list, max_length=MOST_WORDINGS)
    thread = serializers.ListField(
        child=PostText(max_length=LONGEST),
        default=list,
        max_length=MOST_PARTS,
        help_text="The further posts of a thread, in order, where the network has threads.",
    )
    media = serializers.ListField(
        child=Ref(Media), default=list, max_length=MOST_FILES, help_text="Files of the library, in order."
    )
    category = Ref(Category, allow_null=True, default=None)
    starts_at = Moment(allow_null=True, default=None, help_text="The first publication.")
    expires_at = Moment(allow_null=True, default=None, help_text="Nothing goes out after this, whatever the rule says.")
    repeat = RepeatBody(allow_null=True, default=None)
    queue = Choice(
        Post.Queue.choices,
        allow_null=True,
        default=None,
        help_text="once: into the next open slot of each channel. evergreen: again and again into open slots, with the "
        "gap and the end that `repeat` says. starts_at is then from when on. null: it has dates of its own.",
    )

    def validate_media(self, value: list[Media]) -> list[Media]:
        return list({one.pk: one for one in value}.values())

    def validate_channels(self, value: list[Channel]) -> list[Channel]:
        return list({channel.pk: channel for channel in value}.values())


class NewPostBody(PostBody):
    status = Choice([("draft", "draft"), ("active", "active")], default="draft", help_text="active: schedule it too.")


class CheckBody(PostBody):
    post = Ref(Post, allow_null=True, default=None, help_text="The post that this is a change of.")


class ScheduleBody(Body):
    starts_at = Moment(required=False, help_text="Usual: when the post says.")


class PostFilters(Body):
    queue = Choice(Post.Queue.choices, required=False)
    status = Choice(Post.Status.choices, required=False)
    channel = serializers.IntegerField(required=False, min_value=1, max_value=BIGGEST_KEY)
    category = serializers.IntegerField(required=False, min_value=1, max_value=BIGGEST_KEY)


class ApproveBody(Body):
    words = Text(max_length=64, help_text="`approval.words` of the post as you read it: the yes is for these words.")


class ChangesBody(ApproveBody):
    reason = Text(max_length=LONGEST_REASON, help_text="What should change, in at least ten characters.")


class ApprovalShown(serializers.Serializer[Any]):
    """Where the approval of the words stands. `given`: for these very words; `outdated`: for other words than these."""

    state = serializers.ChoiceField([one.value for one in Consent])
    sentence = serializers.CharField()
    words = serializers.CharField(help_text="Stands for every letter that would be said; send it back to answer.")
    asked = serializers.BooleanField(help_text="The approvers are asked, and have not answered yet.")
    by = serializers.CharField(help_text="Who answered last, or asked.")
    at = serializers.DateTimeField(allow_null=True)
    reason = serializers.CharField()


@extend_schema_serializer(component_name="Post")
class PostShown(PostBody):
    """A post as it is kept. The ETag of the answer stands for all of it."""

    id = serializers.IntegerField()
    channels = serializers.ListField(child=serializers.IntegerField())
    category = serializers.IntegerField(allow_null=True)  # type: ignore[assignment]
    status = serializers.ChoiceField(Post.Status.choices)
    queue_place = serializers.IntegerField(help_text="In the queue: the smaller, the sooner.")
    revision = serializers.IntegerField(help_text="Of the content; each edit makes a new one.")
    reviewed_at = serializers.DateTimeField(help_text="When a person last looked at the content.")
    fine_until = serializers.DateField(
        allow_null=True, help_text="A person said that these words are right up to this day; a new text ends that."
    )
    approval = ApprovalShown(allow_null=True, help_text="null: posts need no approval in this workspace.")
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()


def post_json(post: Post) -> dict[str, Any]:
    rule, along = getattr(post, "rule", None), Along.of(post)
    return {
        "id": post.pk,
        "text": post.text,
        "language": post.language,
        "channels": sorted(channel.pk for channel in post.channels.all()),
        "versions": _versions(post, along),
        "variations": [variation.text for variation in post.variations.all()],
        "thread": list(along.rest),
        "media": [one.pk for one in along.media],
        "category": post.category_id,
        "starts_at": shown(post.starts_at),
        "expires_at": shown(post.expires_at),
        "repeat": rule and RepeatBody(rule).data,
        "queue": post.queue or None,
        "queue_place": post.queue_place,
        "status": post.status,
        "revision": post.revision,
        "reviewed_at": shown(post.reviewed_at),
        "fine_until": post.fine_until and post.fine_until.isoformat(),
        "approval": _approval(post) if post.workspace.needs_approval else None,
        "created_at": shown(post.created_at),
        "updated_at": shown(post.updated_at),
    }


def _versions(post: Post, along: Along) -> dict[str, Any]:
    """What each network has of its own, as it was given."""
    told: dict[str, dict[str, Any]] = {}
    for version in post.versions.all():
        told[version.network] = {"text": version.text} if version.text else {}
        if version.network in along.own_rest:
            told[version.network]["thread"] = list(along.own_rest[version.network])
        if version.network in along.own_media:
            told[version.network]["media"] = [one.pk for one in along.own_media[version.network]]
    return told


def _approval(post: Post) -> dict[str, Any]:
    facts = standing(post)
    return {
        "state": facts.consent.value,
        "sentence": speak(told(facts)),
        "words": facts.words,
        "asked": facts.asked,
        "by": facts.by,
        "at": shown(facts.at),
        "reason": facts.reason,
    }


def content_of(given: dict[str, Any], workspace: Workspace) -> Content:
    rule = given["repeat"]
    return Content(
        text=given["text"],
        language=given.get("language") or workspace.language,
        channels=given["channels"],
        category=given["category"],
        versions=_texts(given["versions"]),
        variations=given["variations"],
        starts_at=given["starts_at"],
        expires_at=given["expires_at"],
        rule=RepeatRule(**rule) if rule else None,
        queue=given["queue"] or "",
        along=_along(given, Along()),
    )


def _texts(versions: dict[str, Any]) -> dict[str, str]:
    return {network: version["text"] for network, version in versions.items() if version.get("text")}


def _along(given: dict[str, Any], before: Along) -> Along:
    """With what the body names; the rest is as before."""
    whole: dict[str, Any] = {}
    if "thread" in given:
        whole["rest"] = tuple(given["thread"])
    if "media" in given:
        whole["media"] = tuple(given["media"])
    if "versions" in given:
        own = given["versions"].items()
        whole["own_rest"] = {network: tuple(one["thread"]) for network, one in own if "thread" in one}
        whole["own_media"] = {network: tuple(one["media"]) for network, one in own if "media" in one}
    return replace(before, **whole)


def draft_of(content: Content, post_id: int | None = None) -> Draft:
    return Draft(
        text=content.text,
        language=content.language,
        channels=content.channels,
        category_id=content.category.pk if content.category else None,
        starts_at=content.starts_at,
        expires_at=content.expires_at,
        repeat=repeat_of(content.rule),
        versions=content.versions,
        variations=content.variations,
        post_id=post_id,
        queue=content.queue,
        along=content.along,
    )


def changed(content: Content, given: dict[str, Any]) -> Content:
    """The content with what a PATCH names."""
    whole = {
        "text": content.text, "language": content.language, "channels": content.channels,
        "versions": content.versions, "variations": content.variations, "category": content.category,
        "starts_at": content.starts_at, "expires_at": content.expires_at, "rule": content.rule,
        "queue": content.queue, "along": _along(given, content.along),
    }  # fmt: skip
    for name, value in given.items():
        if name == "repeat":
            whole["rule"] = RepeatRule(**value) if value else None
        elif name == "versions":
            whole["versions"] = _texts(value)
        elif name == "queue":
            whole["queue"] = value or ""
        elif name in whole:
            whole[name] = value
    return Content(**whole)  # type: ignore[arg-type]
