"""The composer's form: its fields, what each accepts, and what was written as Content. It knows no schedule."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from notices.sentences import Sentence
from notices.speak import speak
from posts.content import clean, problems
from posts.models import Category, Channel, Post, RepeatRule
from posts.networks import NETWORKS
from posts.taking_along import Taking
from posts.typed_dates import Moment, NotATime, read
from posts.writing import Content
from teams.models import Workspace

LANGUAGES = {
    "en": "English", "fr": "Français", "de": "Deutsch", "es": "Español", "it": "Italiano", "nl": "Nederlands",
    "pt": "Português",
}  # fmt: skip
WHEN = [
    ("free", _("Next free time")),
    ("at", _("At a chosen time")),
    ("now", _("Now")),
    ("once", _("In the next open slot of the queue")),
    ("evergreen", _("Again and again, in open slots of the queue")),
    ("draft", _("Not yet: keep it as a draft")),
]
AS_PLANNED = "as_planned"
IN_QUEUE = frozenset(Post.Queue.values)
MOST_WORDINGS = 10
LONGEST_INTERVAL, MOST_REPEATS = 3650, 9999


class Text(forms.Field):
    """A post's text, kept as it is but for letters of two forms and line ends."""

    widget = forms.Textarea

    def to_python(self, value: Any) -> str:
        return clean(value or "")

    def validate(self, value: str) -> None:
        if value or self.required:
            faults = [speak(problem) for problem in problems(value)]
            if faults:
                raise ValidationError(faults)


class Typed(forms.Field):
    """A time to come, as people type it or as a native picker gives it; None when empty."""

    def __init__(self, workspace: Workspace, now: datetime, **options: Any) -> None:
        self._workspace, self._now = workspace, now
        super().__init__(**options)

    def to_python(self, value: Any) -> Moment | None:
        if not str(value or "").strip():
            return None
        try:
            return read(str(value), self._now, self._workspace.zone)
        except NotATime as refused:
            raise ValidationError(speak(refused.sentence)) from None


def numbers(low: int, high: int, label: Any, **options: Any) -> forms.IntegerField:
    said = {
        "min_value": _("Write %(limit_value)s or more."),
        "max_value": _("Write at most %(limit_value)s."),
        "invalid": _("Write a whole number."),
        "required": _("Write a number."),
    }
    return forms.IntegerField(min_value=low, max_value=high, label=label, error_messages=said, **options)


class RuleForm(forms.Form):
    """A repeat rule, on its own or as a part of the composer."""

    interval = numbers(1, LONGEST_INTERVAL, _("Repeat every"), required=False)
    unit = forms.ChoiceField(label=_("Unit"), choices=RepeatRule.Unit.choices, required=False)
    max_repeats = numbers(1, MOST_REPEATS, _("At most"), required=False)
    end_date = forms.DateField(
        label=_("Until"),
        required=False,
        error_messages={"invalid": _("This is not a day such as 2026-12-31.")},
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    skip_short_months = forms.BooleanField(label=_("Leave out months without that day"), required=False)
    by_sharing = forms.BooleanField(label=_("Share the first one again, where the network can"), required=False)

    @property
    def rule_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in ("interval", "unit", "max_repeats", "end_date")]

    def clean(self) -> dict[str, Any]:
        self.check_rule()
        return self.cleaned_data

    def check_rule(self) -> None:
        given = self.cleaned_data
        if "interval" in given and given["interval"] is None:
            self.add_error("interval", gettext("Write a number."))
        if "unit" in given and not given["unit"]:
            self.add_error("unit", gettext("Choose days, weeks or months."))
        if {"max_repeats", "end_date"} <= set(given) and given["max_repeats"] is None and given["end_date"] is None:
            self.add_error("max_repeats", gettext("A repeat needs an end: a number of times, or a day."))

    def rule(self) -> RepeatRule | None:
        """Not saved; None while its interval cannot be read."""
        given = self.cleaned_data
        if not (given.get("interval") and given.get("unit")):
            return None
        return RepeatRule(
            interval=given["interval"],
            unit=given["unit"],
            max_repeats=given.get("max_repeats"),
            end_date=given.get("end_date"),
            skip_short_months=bool(given.get("skip_short_months")),
            by_sharing=bool(given.get("by_sharing")),
        )


class PostForm(RuleForm):
    text = Text(label=_("Text"))
    language = forms.ChoiceField(label=_("Language of the text"))
    channels = forms.TypedMultipleChoiceField(label=_("Channels"), required=False, widget=forms.CheckboxSelectMultiple)
    category = forms.TypedChoiceField(label=_("Category"), required=False, empty_value=None)
    when = forms.ChoiceField(label=_("When"), widget=forms.RadioSelect)
    at_text = forms.CharField()
    at_picker = forms.CharField()
    expires = forms.CharField()
    repeat = forms.BooleanField(label=_("Repeat"), required=False)
    key = forms.UUIDField(required=False, widget=forms.HiddenInput)
    revision = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        data: Any = None,
        *,
        workspace: Workspace,
        channels: Sequence[Channel],
        categories: Sequence[Category],
        now: datetime,
        post: Post | None = None,
        ticked: Sequence[int] = (),
    ) -> None:
        """`post` is the one that is being changed, with its texts, channels and rule; `ticked` for a new one."""
        self.workspace, self.now, self.post = workspace, now, post
        self._channels = {channel.pk: channel for channel in channels}
        self._categories = {category.pk: category for category in categories}
        initial = _initial(post, workspace, now) if post else _fresh(workspace, channels, ticked)
        super().__init__(data, initial=initial, label_suffix="")
        self._offer_choices(initial)
        self._offer_times(workspace, now)
        self._offer_texts(initial)
        self.taking = Taking(data, post, workspace, list(self._networks))

    def _offer_choices(self, initial: dict[str, Any]) -> None:
        language = initial["language"]
        self.fields["language"].choices = [*{language: language, **LANGUAGES}.items()]  # type: ignore[attr-defined]
        channels: Any = self.fields["channels"]
        channels.choices = [(pk, channel.name) for pk, channel in self._channels.items()]
        channels.coerce = lambda pk: self._channels[int(pk)]
        channels.error_messages["invalid_choice"] = gettext("This channel is not connected here any more.")
        category: Any = self.fields["category"]
        category.choices = [("", gettext("None")), *((pk, one.name) for pk, one in self._categories.items())]
        category.coerce = lambda pk: self._categories[int(pk)]
        when: Any = self.fields["when"]
        when.choices = [(AS_PLANNED, self._as_planned), *WHEN[:-1]] if self.planned else WHEN

    def _offer_times(self, workspace: Workspace, now: datetime) -> None:
        picker = forms.TextInput(attrs={"type": "datetime-local"})
        self.fields["at_text"] = Typed(workspace, now, label=_("Time"), required=False, widget=forms.TextInput)
        self.fields["at_picker"] = Typed(workspace, now, label=_("Day and time"), required=False, widget=picker)
        self.fields["expires"] = Typed(workspace, now, label=_("Not after"), required=False, widget=picker)

    def _offer_texts(self, initial: dict[str, Any]) -> None:
        networks, known = self._networks, {*initial, *self.data}
        for network in networks if len(networks) > 1 else [one for one in networks if f"version_{one}" in known]:
            self.fields[f"version_{network}"] = Text(label=NETWORKS[network].name, required=False)
        given = [name for name in (*initial, *self.data) if name.startswith("wording_")]
        most = max([2, *(int(name[8:]) for name in given if name[8:].isdecimal())])
        for number in range(1, min(most, MOST_WORDINGS) + 1):
            self.fields[f"wording_{number}"] = Text(
                label=_("Wording %(letter)s") % {"letter": chr(ord("A") + number)}, required=False
            )

    @property
    def _networks(self) -> dict[str, None]:
        return dict.fromkeys(channel.network for channel in self._channels.values())

    @property
    def planned(self) -> bool:
        """Whether its dates exist already, so that it may keep them."""
        return self.post is not None and self.post.status != Post.Status.DRAFT

    @property
    def _as_planned(self) -> str:
        active = self.post is not None and self.post.status == Post.Status.ACTIVE
        return gettext("As planned") if active else gettext("Not again: only keep the changes")

    @property
    def notes(self) -> list[Sentence]:
        """What a change of the clocks does to the times that count."""
        chosen = [self.chosen] if self.cleaned_data.get("when") == "at" else []
        counting = [*chosen, self.cleaned_data.get("expires")]
        return [moment.note for moment in counting if moment and moment.note]

    @property
    def chosen(self) -> Moment | None:
        """What was typed counts before what was picked."""
        return self.cleaned_data.get("at_text") or self.cleaned_data.get("at_picker")

    @cached_property
    def versions(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith("version_")]

    @property
    def has_versions(self) -> bool:
        return any(field.value() or field.errors for field in self.versions)

    @cached_property
    def wordings(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith("wording_")]

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        self._forgive()
        if given.get("when") == "at" and self.chosen is None and not {"at_text", "at_picker"} & set(self.errors):
            self.add_error("at_text", gettext("Say when. Write for example “15 Dec 10:00” or “tomorrow 9:00”."))
        if given.get("when") != "draft" and "channels" in given and not given["channels"]:
            self.add_error("channels", gettext("Choose at least one channel."))
        self._check_expiry()
        for fault in self.taking.faults():
            self.add_error(None, speak(fault))
        if given.get("repeat") and given.get("when") == "once":
            self.add_error("repeat", gettext("What takes one slot does not repeat. Choose “again and again” instead."))
        elif self.repeats:
            self.check_rule()
            self._check_end()
        return given

    @property
    def repeats(self) -> bool:
        """Whether the rule counts: what comes again and again in the queue has one, too, for its gap and its end."""
        return bool(self.cleaned_data.get("repeat")) or self.queue == Post.Queue.EVERGREEN

    @property
    def queue(self) -> str:
        when = self.cleaned_data.get("when", "")
        if when == AS_PLANNED and self.post:
            return self.post.queue
        if when == "draft":  # what was chosen before it was put aside
            when = self.data.get("queue") or (self.post.queue if self.post and not self.chosen else "")
        return when if when in IN_QUEUE else ""

    def _forgive(self) -> None:
        """What does not count is not found fault with: a closed repeat, a time not chosen, a kept old expiry."""
        given, unused = self.cleaned_data, ["key", "revision"]
        if not self.repeats:
            unused += ["interval", "unit", "max_repeats", "end_date"]
        if given.get("when") != "at":
            unused += ["at_text", "at_picker"]
        if "expires" in self.errors and self["expires"].data == self.initial.get("expires") and self.post:
            unused.append("expires")
            given["expires"] = self.post.expires_at and Moment(self.post.expires_at)
        for name in unused:
            self.errors.pop(name, None)

    def _check_expiry(self) -> None:
        expires, chosen = self.cleaned_data.get("expires"), self.chosen
        if expires and self.cleaned_data.get("when") == "at" and chosen and expires.at < chosen.at:
            self.add_error("expires", gettext("It would expire before it goes out."))

    def _check_end(self) -> None:
        end, starts_at = self.cleaned_data.get("end_date"), self.starts_at(self.now)
        if end and starts_at and end < starts_at.astimezone(self.workspace.zone).date():
            self.add_error("end_date", gettext("The repeats would end before the first publication."))

    def starts_at(self, free: datetime) -> datetime | None:
        """When the first publication would be; `free` is the next free time."""
        chosen = self.chosen.at if self.chosen else None
        kept = self.post.starts_at if self.post else None
        when = self.cleaned_data.get("when")
        if when in IN_QUEUE:  # a change to what is in the queue already does not begin its run anew
            return kept if self.planned and self.post and self.post.queue == when and kept else self.now
        return {"free": free, "at": chosen, "now": self.now, AS_PLANNED: kept, "draft": chosen}.get(when or "")

    def content(self, free: datetime) -> Content:
        """What was written, as far as it is valid; the rest is as in a fresh form."""
        given = self.cleaned_data
        expires = given.get("expires")
        return Content(
            text=given.get("text", ""),
            language=given.get("language") or self.workspace.language,
            channels=given.get("channels") or [],
            category=given.get("category"),
            versions={
                field.name[8:]: own
                for field in self.versions
                if (own := given.get(field.name)) and own != given.get("text")
            },
            variations=[text for field in self.wordings if (text := given.get(field.name))],
            starts_at=self.starts_at(free),
            expires_at=expires.at if expires else None,
            rule=self.rule() if self.repeats else None,
            queue=self.queue,
            along=self.taking.along(),
        )


def _fresh(workspace: Workspace, channels: Sequence[Channel], ticked: Sequence[int]) -> dict[str, Any]:
    return {
        "language": workspace.language,
        "channels": [channels[0].pk] if len(channels) == 1 else ticked,
        "when": "free",
        "key": uuid4(),
        **rule_fields(RepeatRule()),
    }


def _initial(post: Post, workspace: Workspace, now: datetime) -> dict[str, Any]:
    content = Content.of(post)
    draft = post.status == Post.Status.DRAFT
    timed = draft and not post.queue and post.starts_at is not None and post.starts_at > now
    return {
        "text": post.text,
        "language": post.language,
        "channels": [channel.pk for channel in content.channels],
        "category": post.category_id or "",
        "when": (post.queue or ("at" if timed else "free")) if draft else AS_PLANNED,
        "at_picker": _local(post.starts_at, workspace) if timed else "",
        "expires": _local(post.expires_at, workspace),
        "repeat": content.rule is not None and not (draft and post.queue),
        "key": post.key or "",
        "revision": post.revision,
        **rule_fields(content.rule or RepeatRule()),
        **{f"version_{network}": text for network, text in content.versions.items()},
        **{f"wording_{number}": text for number, text in enumerate(content.variations, 1)},
    }


def rule_fields(rule: RepeatRule) -> dict[str, int | str | date | bool | None]:
    names = ("interval", "unit", "max_repeats", "end_date", "skip_short_months", "by_sharing")
    return {name: getattr(rule, name) for name in names}


def _local(when: datetime | None, workspace: Workspace) -> str:
    """As a native picker writes it."""
    return timezone.localtime(when, workspace.zone).strftime("%Y-%m-%dT%H:%M") if when else ""
