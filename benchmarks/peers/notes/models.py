"""A scheduled post as a tutorial would write it."""

from django.db import models


class Note(models.Model):
    channel = models.CharField(max_length=40)
    text = models.TextField()
    due = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.text[:40]
