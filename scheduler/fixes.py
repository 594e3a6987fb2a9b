"""The fixes that findings offer, done: the same from the dashboard, the API and the terminal."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from guards.base import Fix
from notices.sentences import Sentence, days, say, times
from posts.models import Post, RepeatRule
from scheduler import verbs
from scheduler.models import Publication
from scheduler.pauses import Pauses, Place, covers
from scheduler.plan import replan, touch
from scheduler.record import record
from scheduler.schedule import stop
from scheduler.states import State
from scheduler.verbs import NotNow
from teams.models import User

# These open a page where a person goes on; nothing is changed by them.
LINKS = frozenset({"edit", "add_media", "reconnect", "override", "leave"})


@dataclass(frozen=True)
class Done:
    """What a fix did, and the fix that takes it back (None: it cannot be)."""

    sentence: Sentence
    undo: Fix | None = None


def apply(publication: Publication, verb: str, values: Mapping[str, Any], user: User, now: datetime) -> Done:
    """Do one fix, whole or not at all. Raises NotNow with a sentence when it cannot be done."""
    doing = _VERBS.get(verb)
    if doing is None:
        raise NotNow(say("There is no such fix here."))
    try:
        with transaction.atomic():
            return doing(publication, values, user, now)
    except (KeyError, TypeError, ValueError):
        raise NotNow(say("This fix lacks a value, or has a wrong one.")) from None


def offered(publication: Publication) -> list[Fix]:
    """The fixes for where it stands now, in order, each once."""
    if publication.reason in {"missed", "not_sent"}:
        return [Fix("release", say("Send it now")), Fix("skip", say("Skip this one"))]
    if publication.judgement is None or publication.state not in (State.HELD, State.BLOCKED):
        return []
    found = [fix for _, finding in publication.judgement.verdict.findings for fix in finding.fixes]
    return list({(fix.verb, str(sorted(fix.values.items()))): fix for fix in found}.values())


def _move(publication: Publication, values: Mapping[str, Any], user: User, now: datetime) -> Done:
    before = publication.planned_for
    when = datetime.fromisoformat(values["to"])
    verbs.move_to(publication, when, user, now)
    undo = Fix("move", say("Undo"), {"to": before.isoformat()}) if before > now else None
    return Done(say("Moved to {when}.", when=when), undo)


def _skip(publication: Publication, values: Mapping[str, Any], user: User, now: datetime) -> Done:
    verbs.skip(publication, user, now)
    return Done(say("Skipped."), Fix("restore", say("Undo")))


def _restore(publication: Publication, values: Mapping[str, Any], user: User, now: datetime) -> Done:
    verbs.restore(publication, user, now)
    return Done(say("Taken back in."))


def _release(publication: Publication, values: Mapping[str, Any], user: User, now: datetime) -> Done:
    verbs.release(publication, user, now)
    return Done(say("It goes out now, if the guards agree."))


def _use_variation(publication: Publication, values: Mapping[str, Any], user: User, now: datetime) -> Done:
    verbs.use_variation(publication, int(values["variation"]), user, now)
    return Done(say("Another wording takes its place."))


def _end_series(publication: Publication, values: Mapping[str, Any], user: User, now: datetime) -> Done:
    stop(publication.post, user, now)
    return Done(say("The series has ended."))


def _retire(publication: Publication, values: Mapping[str, Any], user: User, now: datetime) -> Done:
    stop(publication.post, user, now, Post.Status.RETIRED)
    return Done(say("The post is retired and will not go out again."))


def _extend(publication: Publication, values: Mapping[str, Any], user: User, now: datetime) -> Done:
    post = publication.post
    later = max(now, post.expires_at or now) + timedelta(days=int(values["by_days"]))
    post.expires_at = later
    _save(post, user, now, ["expires_at"], say("“{title}” may go out until {when}", title=post.title, when=later))
    _back_in(publication, user, now)
    return Done(say("It may go out until {when}.", when=later))


def _keep(publication: Publication, values: Mapping[str, Any], user: User, now: datetime) -> Done:
    post = publication.post
    post.reviewed_at = now
    _save(post, user, now, ["reviewed_at"], say("looked at “{title}” and kept it", title=post.title))
    _back_in(publication, user, now)
    return Done(say("Kept. You are asked again in {gap}.", gap=days(int(values["days"]))))


def _allow_more(publication: Publication, values: Mapping[str, Any], user: User, now: datetime) -> Done:
    post, more = publication.post, int(values["count"])
    post.allowed_more += more
    _save(post, user, now, ["allowed_more"], say("allowed “{title}” {more} more", title=post.title, more=times(more)))
    _back_in(publication, user, now)
    return Done(say("It may go out {more} more.", more=times(more)))


def _add_more(publication: Publication, values: Mapping[str, Any], user: User, now: datetime) -> Done:
    rule, more = _rule(publication.post), int(values["count"])
    rule.max_repeats = max(rule.max_repeats or 0, publication.number) + more
    if rule.end_date and rule.end_date < now.date():
        rule.end_date = None
    rule.save(update_fields=["max_repeats", "end_date"])
    return _replanned(publication, user, now, say("The series goes on {more} more.", more=times(more)))


def _set_rule(publication: Publication, values: Mapping[str, Any], user: User, now: datetime) -> Done:
    rule = _rule(publication.post)
    rule.interval, rule.unit = int(values["interval"]), values["unit"]
    rule.max_repeats = values["max_repeats"]
    rule.end_date = date.fromisoformat(values["end_date"]) if values["end_date"] else None
    rule.save()
    return _replanned(publication, user, now, say("The repeat rule has changed."))


def _trim(publication: Publication, values: Mapping[str, Any], user: User, now: datetime) -> Done:
    post, most = publication.post, int(values["to"])
    turn, text = publication.wording()
    short = trimmed(text, most)
    if turn:
        post.variations.filter(position=turn - 1).update(text=short)
    else:
        post.versions.update_or_create(network=publication.channel.network, defaults={"text": short})
    post.revision += 1
    _save(post, user, now, ["revision"], say("shortened “{title}”", title=post.title))
    _back_in(publication, user, now)
    return Done(say("Shortened for {channel}.", channel=publication.channel.name))


def trimmed(text: str, most: int) -> str:
    """At most `most` characters, cut between words, with an ellipsis."""
    if len(text) <= most:
        return text
    cut = text[: most - 1]
    return (cut.rsplit(None, 1)[0] if any(sign.isspace() for sign in cut) else cut) + "…"


def _drop_channel(publication: Publication, values: Mapping[str, Any], user: User, now: datetime) -> Done:
    post, channel = publication.post, publication.channel
    post.channels.remove(channel)
    coming = Publication.objects.filter(post=post, channel=channel, state__in=[State.SCHEDULED, State.HELD])
    for row in coming.select_related("post"):
        verbs.cancel(row, user, now)
    return Done(say("It no longer goes to {channel}.", channel=channel.name))


def _resume(publication: Publication, values: Mapping[str, Any], user: User, now: datetime) -> Done:
    row = publication
    place = Place(row.workspace_id, row.channel.network, row.channel_id, row.post.category_id, row.post_id)
    # The whole instance is resumed by whoever runs it, not from inside one workspace.
    mine = [one for one in Pauses(now).rows if covers(one, place) and one.workspace_id]
    if not mine:
        raise NotNow(say("No pause of this workspace is in force here."))
    for one in mine:
        verbs.resume(one, user, now)
    return Done(say("Resumed."))


def _rule(post: Post) -> RepeatRule:
    try:
        return post.rule
    except RepeatRule.DoesNotExist:
        raise NotNow(say("This post does not repeat.")) from None


def _save(post: Post, user: User, now: datetime, fields: list[str], said: Sentence) -> None:
    post.save(update_fields=[*fields, "updated_at"])
    touch([post.workspace_id], now)
    record(user, now, [("changed", post, said)])


def _back_in(publication: Publication, user: User, now: datetime) -> None:
    if publication.state in (State.HELD, State.BLOCKED):
        verbs.restore(publication, user, now)


def _replanned(publication: Publication, user: User, now: datetime, said: Sentence) -> Done:
    post = publication.post
    replan(post, now)
    record(user, now, [("changed", post, say("changed the repeat rule of “{title}”", title=post.title))])
    _back_in(publication, user, now)
    return Done(said)


_VERBS: dict[str, Callable[[Publication, Mapping[str, Any], User, datetime], Done]] = {
    "move": _move,
    "skip": _skip,
    "restore": _restore,
    "release": _release,
    "use_variation": _use_variation,
    "end_series": _end_series,
    "retire": _retire,
    "extend": _extend,
    "keep": _keep,
    "allow_more": _allow_more,
    "add_more": _add_more,
    "set_rule": _set_rule,
    "trim": _trim,
    "drop_channel": _drop_channel,
    "resume": _resume,
}
