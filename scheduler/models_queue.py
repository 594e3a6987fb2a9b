"""A channel's weekly posting times, which the queue fills."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from posts.models import Category, Channel
from teams.models import Workspace


class Slot(models.Model):
    """A weekly posting time of a channel, on the workspace's clock; of one category, or (None) of all posts."""

    class Weekday(models.IntegerChoices):
        MONDAY = 0, _("Monday")
        TUESDAY = 1, _("Tuesday")
        WEDNESDAY = 2, _("Wednesday")
        THURSDAY = 3, _("Thursday")
        FRIDAY = 4, _("Friday")
        SATURDAY = 5, _("Saturday")
        SUNDAY = 6, _("Sunday")

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="slots")
    channel = models.ForeignKey(Channel, models.CASCADE, related_name="slots")
    category = models.ForeignKey(Category, models.CASCADE, null=True, blank=True, related_name="slots")
    weekday = models.PositiveSmallIntegerField(_("day"), choices=Weekday.choices)
    at = models.TimeField(_("time"))
    active = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["channel", "weekday", "at"], name="one_slot_at_a_time"),
            models.CheckConstraint(condition=Q(weekday__lte=6), name="slot_has_a_weekday"),
        )
        ordering: ClassVar = ["weekday", "at", "pk"]

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {self.at:%H:%M}"
