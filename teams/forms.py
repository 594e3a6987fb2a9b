"""What people fill in about themselves: signing in, signing up, their account, API tokens."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib.auth import password_validation
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from teams import zones
from teams.models import ApiToken, Membership, User, Workspace
from teams.tokens import ROLES

MOST_GRACE = 24 * 60
PACES = {"catch_up_per_hour": (1, 1000), "catch_up_minutes": (0, 120)}
SCOPES = {
    "read": _("Read everything in this workspace"),
    "write": _("Write and schedule posts, move, skip, pause"),
    "publish": _("Let held posts out: release, override, settle"),
    "admin": _("Set the guards"),
}


class SignInForm(forms.Form):
    email = forms.EmailField(
        label=_("E-mail"),
        max_length=254,
        error_messages={"invalid": _("Write an e-mail address, like name@example.com.")},
        widget=forms.EmailInput(attrs={"autocomplete": "username", "autofocus": True}),
    )
    password = forms.CharField(
        label=_("Password"),
        max_length=1000,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class NewPassword(forms.CharField):
    """A password to be, judged by the site's validators."""

    def __init__(self, **fields: Any) -> None:
        fields.setdefault("label", _("Password"))
        fields.setdefault("help_text", _("At least ten characters. A few words you can remember are best."))
        attrs = {"autocomplete": "new-password"}
        super().__init__(max_length=1000, strip=False, widget=forms.PasswordInput(attrs=attrs), **fields)


class ZoneField(forms.ChoiceField):
    """A time zone by any name that it has ever had; `canonical` is what comes out."""

    def __init__(self, **fields: Any) -> None:
        super().__init__(choices=zones.by_region, **fields)

    def to_python(self, value: Any) -> str:
        wanted = super().to_python(value)
        return zones.canonical(wanted) or wanted

    def validate(self, value: Any) -> None:
        forms.Field.validate(self, value)
        if value and zones.canonical(value) is None:
            raise forms.ValidationError(
                _("“%(zone)s” is not a time zone. Choose one from the list, like Europe/Paris."),
                params={"zone": value},
            )


class SignUpForm(forms.Form):
    """The first person, and the workspace that they start with."""

    name = forms.CharField(label=_("Your name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    email = forms.EmailField(
        label=_("E-mail"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "username"})
    )
    password = NewPassword()
    workspace = forms.CharField(
        label=_("Workspace"), max_length=120, help_text=_("The brand or client that you publish for.")
    )
    zone = ZoneField(label=_("Time zone"), initial=zones.UTC, help_text=_("Posts go out by this clock."))

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if "password" in given:
            person = User(email=given.get("email", ""), name=given.get("name", ""))
            try:
                password_validation.validate_password(given["password"], person)
            except forms.ValidationError as error:
                self.add_error("password", error)
        return given


class AccountForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = User
        fields = ("name", "language", "letters")
        labels: ClassVar = {
            "name": _("Your name"),
            "language": _("Language"),
            "letters": _("Write me an e-mail when something is held or waits for my approval"),
        }
        widgets: ClassVar = {"name": forms.TextInput(attrs={"autocomplete": "name"})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [code for code in self.fields["language"].choices if code[0]]  # type: ignore[attr-defined]
        self.fields["language"].choices = [("", _("As the browser says")), *choices]  # type: ignore[attr-defined]


class PasswordForm(forms.Form):
    """A new password; whoever has one already proves that it is them."""

    old = forms.CharField(
        label=_("Present password"),
        max_length=1000,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    new = NewPassword(label=_("New password"))

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        if not user.has_usable_password():
            del self.fields["old"]

    def clean_old(self) -> str:
        given = str(self.cleaned_data["old"])
        if not self.user.check_password(given):
            raise forms.ValidationError(_("This is not your present password."))
        return given

    def clean_new(self) -> str:
        given = str(self.cleaned_data["new"])
        password_validation.validate_password(given, self.user)
        return given


class WorkspaceForm(forms.ModelForm):  # type: ignore[type-arg]
    """What holds for a whole workspace."""

    zone = ZoneField(label=_("Time zone"), help_text=_("Days and posting times are those of this clock."))
    keep = forms.ChoiceField(
        label=_("When the time zone changes"),
        widget=forms.RadioSelect,
        initial="clock",
        choices=[
            ("clock", _("Keep the time on the clock: what was planned for 9:00 goes out at 9:00 there")),
            ("instant", _("Keep the moment: what was planned goes out exactly when it would have")),
        ],
    )

    class Meta:
        model = Workspace
        fields = (
            "name", "language", "grace_minutes", "catch_up_per_hour", "catch_up_minutes", "needs_approval", "four_eyes",
        )  # fmt: skip
        labels: ClassVar = {
            "name": _("Name"),
            "language": _("Language of new posts"),
            "grace_minutes": _("How late a post may still go out by itself, in minutes"),
            "catch_up_per_hour": _("How many late posts a channel may send in an hour"),
            "catch_up_minutes": _("How many minutes lie between a late post and any other of its channel"),
            "needs_approval": _("Posts need approval before they go out"),
            "four_eyes": _("Nobody approves their own words"),
        }
        help_texts: ClassVar = {
            "grace_minutes": _("What is later than this, after a standstill, waits for a person."),
            "catch_up_per_hour": _(
                "After a standstill the late ones come oldest first. Three an hour is what followers still read as a "
                "stream; those whose turn would come after the minutes above wait for a person."
            ),
            "catch_up_minutes": _(
                "Five minutes let three late posts fit into the fifteen minutes above; networks ask for one at "
                "least. 0: no distance."
            ),
            "needs_approval": _(
                "Approvers, administrators and owners approve. A yes holds for the words it was given for; "
                "what is scheduled already waits for one, too."
            ),
            "four_eyes": _("Whoever wrote the words last, approver or not, needs somebody else's yes."),
        }

    field_order = (
        "name", "language", "zone", "keep", "grace_minutes", "catch_up_per_hour", "catch_up_minutes",
        "needs_approval", "four_eyes",
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["zone"].initial = self.instance.timezone
        self.fields["grace_minutes"].widget.attrs |= {"min": 0, "max": MOST_GRACE}
        for name, (least, most) in PACES.items():
            self.fields[name].widget.attrs |= {"min": least, "max": most}
            self.fields[name].validators += [MinValueValidator(least), MaxValueValidator(most)]

    def clean_grace_minutes(self) -> int:
        given = int(self.cleaned_data["grace_minutes"])
        if given > MOST_GRACE:
            raise forms.ValidationError(_("At most %(most)s minutes, which is a day."), params={"most": MOST_GRACE})
        return given


class TokenForm(forms.Form):
    """A key to the API. It can do no more than the person who makes it."""

    name = forms.CharField(label=_("What it is for"), max_length=80)
    scopes = forms.MultipleChoiceField(label=_("What it may do"), widget=forms.CheckboxSelectMultiple, initial=["read"])
    days = forms.TypedChoiceField(
        label=_("For how long"),
        coerce=int,
        initial=90,
        choices=[(30, _("30 days")), (90, _("90 days")), (365, _("a year")), (0, _("until it is revoked"))],
    )

    def __init__(self, membership: Membership, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        usable = [scope for scope in ApiToken.SCOPES if membership.may(ROLES[scope])]
        self.fields["scopes"].choices = [(scope, SCOPES[scope]) for scope in usable]  # type: ignore[attr-defined]
