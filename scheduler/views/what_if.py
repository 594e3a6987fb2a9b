"""What another setting, or another rule of a post, would change: asked and answered in the address, nothing saved."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _

from guards.base import Repeat
from guards.catalogue import RULES
from guards.choosing import Choice, choices, wrong
from guards.judge import Setting
from guards.models import GuardSetting, Policies
from notices.sentences import Sentence
from notices.speak import speak
from posts.models import Category, Post, RepeatRule
from scheduler import forecast, outlook, what_if
from scheduler.candidates import repeat_of
from scheduler.outlook import stopping
from scheduler.verbs import NotNow
from scheduler.what_if import Answer, Shift
from teams.access import MemberRequest, member
from teams.models import Workspace

REACHES = (7, 30, 90)
SHOWN = 50
TRY = "try"


@member()
def what_if_page(request: MemberRequest) -> HttpResponse:
    now, given = timezone.now(), request.GET
    days = int(given["days"]) if given.get("days") in {str(reach) for reach in REACHES} else 30
    post = _post(request.workspace, given.get("post", ""))
    form = RuleForm(post, given) if post else SettingForm(request.workspace, given)
    answer, said = None, ""
    if TRY in given and form.is_valid():
        forecast.ready(request.workspace, now)
        try:
            answer = form.answer(now, outlook.until(request.workspace, now, days))
        except NotNow as why:
            said = speak(why.sentence)
    context = {
        "form": form, "post": post, "days": days, "reaches": REACHES, "said": said,
        "guards": [(name, speak(rule.title)) for name, rule in RULES.items()],
    }  # fmt: skip
    return render(request, "what_if_show.html", context | (_told(answer) if answer else {}))


class SettingForm(forms.Form):
    """A guard's action and options, as they are now until they are changed."""

    def __init__(self, workspace: Workspace, given: QueryDict) -> None:
        self.workspace = workspace
        self.guard = given.get("guard", "") if given.get("guard", "") in RULES else "too_soon"
        categories = {str(one.pk): one for one in Category.objects.filter(workspace=workspace)}
        self.category: Category | None = categories.get(given.get("category", ""))
        super().__init__(given if TRY in given else None)
        self._now = Policies({workspace.pk}).of(workspace.pk, self.category.pk if self.category else None)[self.guard]
        everywhere = [("", _("the whole workspace")), *((pk, one.name) for pk, one in categories.items())]
        self.fields["category"] = forms.ChoiceField(label=_("For"), choices=everywhere, required=False)
        self.fields["action"] = forms.ChoiceField(
            label=_("What it does with what it finds"), choices=GuardSetting.Action.choices
        )
        for choice in choices(RULES[self.guard]):
            self.fields[f"o-{choice.name}"] = _field(choice)
        self.initial = _initial(self._now) | {"category": self.category and str(self.category.pk)}

    @property
    def title(self) -> Sentence:
        return RULES[self.guard].title

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        for name, found in ({} if self.errors else wrong(RULES[self.guard], self._options(given))).items():
            self.add_error(f"o-{name}" if name else None, [speak(one) for one in found])
        return given

    def answer(self, now: datetime, until: datetime) -> Answer:
        setting = GuardSetting(
            workspace=self.workspace, category=self.category, guard=self.guard,
            action=self.cleaned_data["action"], options=self._options(self.cleaned_data),
        )  # fmt: skip
        return what_if.with_setting(self.workspace, setting, now, until)

    def _options(self, given: dict[str, Any]) -> dict[str, Any]:
        return {name.removeprefix("o-"): value for name, value in given.items() if name.startswith("o-")}


class RuleForm(forms.Form):
    """A post's repeat rule, as it is now until it is changed."""

    interval = forms.IntegerField(label=_("Every"), min_value=1, max_value=3650)
    unit = forms.ChoiceField(label=_("Unit"), choices=RepeatRule.Unit.choices)
    max_repeats = forms.IntegerField(label=_("At most so many repeats"), min_value=0, max_value=9999, required=False)
    end_date = forms.DateField(
        label=_("Not after"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, post: Post, given: QueryDict) -> None:
        self.post = post
        super().__init__(given if TRY in given else None)
        rule = repeat_of(getattr(post, "rule", None)) or Repeat(30, "day", 5)
        names = ("interval", "unit", "max_repeats", "end_date")
        self.initial = {name: getattr(rule, name) for name in names}

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not self.errors and given["max_repeats"] is None and given["end_date"] is None:
            raise forms.ValidationError(_("A repeat has to end: after a number of times, on a day, or both."))
        return given

    def answer(self, now: datetime, until: datetime) -> Answer:
        return what_if.with_rule(self.post, Repeat(**self.cleaned_data), now, until)


def _post(workspace: Workspace, pk: str) -> Post | None:
    if not pk:
        return None
    known = Post.objects.filter(workspace=workspace).select_related("rule", "workspace")
    return get_object_or_404(known, pk=pk if pk.isascii() and pk.isdigit() and len(pk) < 19 else 0)


def _field(choice: Choice) -> forms.Field:
    label = speak(choice.label) + (f" ({speak(choice.unit)})" if choice.unit else "")
    if choice.kind == "number":
        return forms.IntegerField(label=label, min_value=choice.low, max_value=choice.high)
    if choice.kind == "yes_or_no":
        return forms.BooleanField(label=label, required=False)
    return Lines(label=label) if choice.kind == "texts" else forms.CharField(label=label, required=False)


class Lines(forms.Field):
    """A list of texts, one on each line."""

    widget = forms.Textarea(attrs={"rows": 3})

    def __init__(self, label: str) -> None:
        super().__init__(label=label, required=False)

    def to_python(self, value: Any) -> list[str]:
        return [line.strip() for line in str(value or "").splitlines() if line.strip()]


def _initial(setting: Setting) -> dict[str, Any]:
    kept = vars(setting.options)
    lines = {name: "\n".join(value) if isinstance(value, tuple) else value for name, value in kept.items()}
    action = "off" if setting.action is None else setting.action.word
    return {"action": action} | {f"o-{name}": value for name, value in lines.items()}


def _told(answer: Answer) -> dict[str, Any]:
    return {
        "answer": answer,
        "sentence": speak(answer.sentence),
        "shifts": [_shift(one) for one in answer.shifts[:SHOWN]],
        "more": max(len(answer.shifts) - SHOWN, 0),
    }


def _shift(one: Shift) -> dict[str, Any]:
    if one.after is None:
        status, word, why = "skipped", _("no longer planned"), []
    else:
        status, word = one.after.action.word, _("goes out") if one.after.allows else ""
        why = [] if one.after.allows else [speak(finding.message) for finding in stopping(one.after)]
        if one.before is None:
            word = word and _("new, and goes out")
    at = one.row.next_attempt_at or one.row.planned_for
    return {"row": one.row, "at": at, "status": status, "word": word, "why": why, "known": one.row.pk > 0}
