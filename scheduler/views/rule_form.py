"""The form of one guard at one level: its action and each of its options, with where every value comes from."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from guards.choosing import Choice, choices, options_as_json
from guards.judge import Setting
from guards.models import GuardSetting
from guards.printed import in_words
from notices.speak import speak
from scheduler.rules import Levels, Wish, refusals

ACTION = "action"


class RuleForm(forms.Form):
    """What equals the inherited is inherited, unless this level says so itself already."""

    def __init__(self, data: Any, levels: Levels, guard: str) -> None:
        setting = levels.in_force[guard]
        super().__init__(data, label_suffix="", initial=_initial(setting))
        self.levels, self.guard, self.setting = levels, guard, setting
        self.choices = choices(Wish(levels.scope, guard).rule)
        self.fields[ACTION] = forms.ChoiceField(
            label=_("What happens when it finds something"),
            choices=GuardSetting.Action.choices,
            widget=forms.RadioSelect,
            error_messages={
                "required": _("Choose what is to happen."),
                "invalid_choice": _("Choose what is to happen."),
            },
        )
        for choice in self.choices:
            self.fields[choice.name] = _field(choice)

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if not self.errors:
            for name, faults in refusals(self.wish, self.levels).items():
                self.add_error(name or None, [speak(one) for one in faults])
        return found

    @property
    def wish(self) -> Wish:
        given = self.cleaned_data
        inherited, own = self.levels.inherited[self.guard], self.levels.own.get(self.guard)
        before, said = options_as_json(inherited.options), own.options if own else {}
        action = given[ACTION]
        if action == _word(inherited) and not (own and own.action == action):
            action = ""
        written = {choice.name: _value(choice, given[choice.name]) for choice in self.choices}
        options = {
            name: value
            for name, value in written.items()
            if value != before[name] or (name in said and said[name] == value)
        }
        return Wish(self.levels.scope, self.guard, action, options)

    @property
    def origins(self) -> dict[str, str]:
        """Where each value in force comes from, spoken."""
        said = {ACTION: self.setting.source}
        said |= {choice.name: self.setting.sources.get(choice.name, self.setting.source) for choice in self.choices}
        return {name: speak(source) for name, source in said.items()}

    @property
    def shown(self) -> list[dict[str, Any]]:
        """The options, each with its field, its unit and where it comes from."""
        own = self.levels.own.get(self.guard)
        before = options_as_json(self.levels.inherited[self.guard].options)
        return [
            {
                "field": self[choice.name],
                "unit": speak(choice.unit) if choice.unit else "",
                "origin": self.origins[choice.name],
                "own": own is not None and choice.name in own.options,
                "name": choice.name,
                "back_to": in_words(choice, before[choice.name]),
            }
            for choice in self.choices
        ]


def _initial(setting: Setting) -> dict[str, Any]:
    options = options_as_json(setting.options)
    told = {name: "\n".join(value) if isinstance(value, list) else value for name, value in options.items()}
    return {**told, ACTION: _word(setting)}


def _word(setting: Setting) -> str:
    return "off" if setting.action is None else setting.action.word


def _field(choice: Choice) -> forms.Field:
    label: Any = speak(choice.label)
    if choice.kind == "yes_or_no":
        return forms.BooleanField(label=label, required=False)
    if choice.kind == "texts":
        widget = forms.Textarea(attrs={"rows": 4})
        return forms.CharField(label=label, required=False, widget=widget, help_text=_("One on each line."))
    if choice.kind == "number":
        widget_ = forms.NumberInput(attrs={"min": choice.low, "max": choice.high, "step": 1})
        return forms.CharField(label=label, widget=widget_, error_messages={"required": _("Write a whole number.")})
    return forms.CharField(label=label, required=False)


def _value(choice: Choice, given: Any) -> Any:
    """As an option keeps it; what is no number stays as it was written, for the sentence that refuses it."""
    if choice.kind == "texts":
        return [line for line in map(str.strip, given.splitlines()) if line]
    if choice.kind == "number":
        digits = given.strip()
        return int(digits) if digits.isascii() and digits.isdecimal() and len(digits) < 10 else given
    return given
