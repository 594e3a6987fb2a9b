"""The forms of an import: the file, and what holds for every line that does not say otherwise."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from guards.base import Repeat
from notices.speak import speak
from posts.csv_bytes import LARGEST, too_large
from posts.models import Channel, RepeatRule
from scheduler.import_lines import Choices
from teams.models import Workspace

DAY_FIRST = {"": None, "day": True, "month": False}


class FileForm(forms.Form):
    file = forms.FileField(
        label=_("CSV file"),
        help_text=_("One post on each line, with the names of the columns on the first. At most 10 MB."),
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,text/csv"}),
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise forms.ValidationError(speak(too_large(file.size)))
        return file


class ChoicesForm(forms.Form):
    channels = forms.ModelMultipleChoiceField(
        Channel.objects.none(), label=_("Channels"), required=False, widget=forms.CheckboxSelectMultiple
    )
    language = forms.ChoiceField(label=_("Language of the posts"), choices=settings.LANGUAGES)
    first_at = forms.DateTimeField(
        label=_("First post"),
        required=False,
        help_text=_("For lines without a date, in the workspace's time."),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    spacing = forms.IntegerField(label=_("Then one every"), min_value=1, max_value=365, initial=1)
    spacing_unit = forms.ChoiceField(label=_("Hours or days"), choices=[("hour", _("hours")), ("day", _("days"))])
    repeats = forms.BooleanField(label=_("Repeat the posts that name no rule of their own"), required=False)
    interval = forms.IntegerField(label=_("Every"), min_value=1, max_value=9999, initial=30, required=False)
    unit = forms.ChoiceField(label=_("Unit"), choices=RepeatRule.Unit.choices, required=False)
    max_repeats = forms.IntegerField(label=_("At most, times"), min_value=1, max_value=9999, initial=5, required=False)
    end_date = forms.DateField(
        label=_("Until"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    day_first = forms.ChoiceField(
        label=_("In dates like 03/04"),
        required=False,
        choices=[
            ("", _("as the file shows")),
            ("day", _("the day comes first")),
            ("month", _("the month comes first")),
        ],
    )

    def __init__(self, workspace: Workspace, *args: Any, choices: Choices | None = None, **kwargs: Any) -> None:
        if choices is not None:
            kwargs["initial"] = _initial(choices, workspace)
        super().__init__(*args, **kwargs)
        self.fields["channels"].queryset = workspace.channels.all()  # type: ignore[attr-defined]

    def clean_first_at(self) -> Any:
        """Naive again: the wall clock of the workspace, whatever the clocks do on the days in between."""
        first_at = self.cleaned_data["first_at"]
        return first_at and first_at.replace(tzinfo=None)

    def chosen(self) -> Choices:
        told = self.cleaned_data
        rule = Repeat(told["interval"] or 30, told["unit"] or "day", told["max_repeats"], told["end_date"])
        return Choices(
            channels=tuple(channel.pk for channel in told["channels"]),
            language=told["language"],
            first_at=told["first_at"],
            spacing=told["spacing"],
            spacing_unit=told["spacing_unit"],
            repeat=rule if told["repeats"] else None,
            day_first=DAY_FIRST[told["day_first"]],
        )


def _initial(choices: Choices, workspace: Workspace) -> dict[str, Any]:
    rule = choices.repeat or Repeat(30, "day", 5)
    return {
        "channels": choices.channels,
        "language": choices.language or workspace.language,
        "first_at": choices.first_at,
        "spacing": choices.spacing,
        "spacing_unit": choices.spacing_unit,
        "repeats": choices.repeat is not None,
        "interval": rule.interval,
        "unit": rule.unit,
        "max_repeats": rule.max_repeats,
        "end_date": rule.end_date,
        "day_first": next(name for name, first in DAY_FIRST.items() if first is choices.day_first),
    }
