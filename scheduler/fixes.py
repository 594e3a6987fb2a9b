"""The fixes that findings offer, done: the same from the dashboard, the API and the terminal."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from guards.base import Fix
from guards.catalogue import RULES
from guards.choosing import wrong
from guards.judge import Check, Verdict
from guards.models import deciding
from notices.sentences import Sentence, days, say, say_count, times
from posts.content import LONGEST
from posts.links.find import links as found_links
from posts.links.find import without
from posts.models import Post, RepeatRule
from scheduler import approvals, links, quarantine, undo, verbs
from scheduler.backlog import put_back, space_out
from scheduler.models import Deed, Publication
from scheduler.pauses import Pauses, covers, place_of
from scheduler.plan import replan, touch
from scheduler.record import record
from scheduler.rest import LONGEST_REST, rest
from scheduler.schedule import stop
from scheduler.states import State
from scheduler.verbs import NotNow
from teams.models import User

# These open a page where a person goes on; nothing is changed by them.
LINKS = frozenset({"edit", "add_media", "describe", "join_parts", "reconnect", "override", "leave"})
# What widens a limit is not everybody's to do: the least role for it, editor when it is not named.
NEEDS = {
    "approve": "approver", "override": "approver", "allow_more": "approver", "add_more": "approver",
    "raise_limit": "admin",
}  # fmt: skip
MOST_DAYS = 3650
UNDO = "undo"


@dataclass(frozen=True)
class Done:
    """What a fix did, and the fix that takes it back (None: it cannot be)."""

    sentence: Sentence
    undo: Fix | None = None


def apply(
    publication: Publication,
    verb: str,
    values: Mapping[str, Any],
    user: User,
    now: datetime,
    batch: UUID | None = None,
) -> Done:
    """Do one fix, whole or not at all. Raises NotNow with a sentence when it cannot be done.

    `batch` is the same for fixes chosen together, which can be taken back together.
    """
    doing = _VERBS.get(verb)
    if doing is None:
        raise NotNow(say("There is no such fix here."))
    try:
        with transaction.atomic():
            before = undo.standing(publication, verb, values)
            sentence = doing(publication, values, user, now)
            if verb == UNDO:
                return Done(sentence)
            deed = undo.kept(publication, verb, sentence, before, user, now, batch)
            return Done(sentence, Fix(UNDO, say("Undo"), {"deed": deed.pk}) if deed.undoable else None)
    except (KeyError, TypeError, ValueError, OverflowError):
        raise NotNow(say("This fix lacks a value, or has a wrong one.")) from None


def offered(publication: Publication) -> list[Fix]:
    """The fixes for where it stands now, in order, each once."""
    if publication.state == State.UNCONFIRMED:
        return [Fix("is_out", say("It is out")), Fix("not_out", say("It is not out, send it"))]
    if publication.state == State.FAILED:
        return [Fix("edit", say("Edit the content")), Fix("release", say("Send it again"))]
    if publication.state == State.HELD and publication.reason == quarantine.REASON:
        again = Fix("release", say("Try it again"))
        return [again, Fix("edit", say("Edit the content")), Fix("skip", say("Skip this one"))]
    if publication.state == State.HELD and publication.reason in {"missed", "not_sent"}:
        put_back = Fix("put_back", say("Put it into the next free time"))
        now = Fix("release", say("Send it now"))
        return [put_back, now, Fix("skip", say("Skip this one")), Fix("spaced", say("Send it in its turn"))]
    found = [fix for _, finding in verdict_on(publication).findings for fix in finding.fixes]
    return list({(fix.verb, str(sorted(fix.values.items()))): fix for fix in found}.values())


def verdict_on(publication: Publication) -> Verdict:
    """What the guards last said of it: the judgement in force, or for what is still planned the forecast."""
    if publication.state == State.SCHEDULED:
        return Verdict(tuple(Check.from_json(check) for check in publication.outlook_checks))
    if publication.judgement is None or publication.state not in (State.HELD, State.BLOCKED):
        return Verdict(())
    return publication.judgement.verdict


def _move(publication: Publication, values: Mapping[str, Any], user: User, now: datetime) -> Sentence:
    when = datetime.fromisoformat(values["to"])
    if when > now + timedelta(days=MOST_DAYS):
        raise ValueError(when)
    verbs.move_to(publication, when, user, now)
    return say("Moved to {when}.", when=when)


def _put_back(publication: Publication, values: Mapping[str, Any], user: User, now: datetime) -> Sentence:
    if not put_back([publication], user, now):
        raise NotNow(say("A guard would hold it at every free time of the coming weeks."))
    return say("Put back, for {when}.", when=publication.planned_for)


def _spaced(publication: Publication, values: Mapping[str, Any], user: User, now: datetime) -> Sentence:
    space_out([publication], user, now)
    return say("Its turn comes at {when}, if the guards agree.", when=publication.planned_for)


def _skip(publication: Publication, values: Mapping[str, Any], user: User, now: datetime) -> Sentence:
    verbs.skip(publication, user, now)
    return say("Skipped.")


def _restore(publication: Publication, values: Mapping[str, Any], user: User, now: datetime) -> Sentence:
    verbs.restore(publication, user, now)
    return say("Taken back in.")


def _release(publication: Publication, values: Mapping[str, Any], user: User, now: datetime) -> Sentence:
    verbs.release(publication, user, now)
    return say("It goes out now, if the guards agree.")


def _is_out(publication: Publication, values: Mapping[str, Any], user: User, now: datetime) -> Sentence:
    verbs.settle(publication, True, user, now)
    return say("Noted: it is out.")


def _not_out(publication: Publication, values: Mapping[str, Any], user: User, now: datetime) -> Sentence:
    verbs.settle(publication, False, user, now)
    return say("Noted: it is not out. It is sent again now, if the guards agree.")


def _use_variation(publication: Publication, values: Mapping[str, Any], user: User, now: datetime) -> Sentence:
    wordings = len(publication.post.wordings(publication.channel.network))
    verbs.use_variation(publication, _number(values, "variation", 0, wordings - 1), user, now)
    return say("Another wording takes its place.")


def _end_series(publication: Publication, values: Mapping[str, Any], user: User, now: datetime) -> Sentence:
    stop(publication.post, user, now)
    return say("The series has ended.")


def _end_series_on(publication: Publication, values: Mapping[str, Any], user: User, now: datetime) -> Sentence:
    post, day = publication.post, date.fromisoformat(values["date"])
    rule = _rule(post)
    rule.end_date = min(day, rule.end_date or day)
    rule.save(update_fields=["end_date"])
    replan(post, now)
    record(user, now, [("changed", post, say("ended the series of “{title}” on {day}", title=post.title, day=day))])
    _cancel_after(rule.end_date, post, user, now)
    return say("The series ends on {day}.", day=rule.end_date)


def _cancel_after(day: date, post: Post, user: User, now: datetime) -> None:
    """What a guard holds, or a person has moved, beyond the end of the series."""
    left = Publication.objects.filter(post=post, state__in=[State.SCHEDULED, State.HELD])
    for row in left.select_related("post"):
        if row.planned_for.astimezone(post.workspace.zone).date() > day:
            verbs.cancel(row, user, now)


def _retire(publication: Publication, values: Mapping[str, Any], user: User, now: datetime) -> Sentence:
    stop(publication.post, user, now, Post.Status.RETIRED)
    return say("The post is retired and will not go out again.")


def _extend(publication: Publication, values: Mapping[str, Any], user: User, now: datetime) -> Sentence:
    post = publication.post
    later = max(now, post.expires_at or now) + timedelta(days=_number(values, "by_days", 1, MOST_DAYS))
    post.expires_at = later
    _save(post, user, now, ["expires_at"], say("“{title}” may go out until {when}", title=post.title, when=later))
    _back_in(publication, user, now)
    return say("It may go out until {when}.", when=later)


def _keep(publication: Publication, values: Mapping[str, Any], user: User, now: datetime) -> Sentence:
    post, gap = publication.post, days(_number(values, "days", 1, MOST_DAYS))
    post.reviewed_at = now
    _save(post, user, now, ["reviewed_at"], say("looked at “{title}” and kept it", title=post.title))
    _back_in(publication, user, now)
    return say("Kept. You are asked again in {gap}.", gap=gap)


def _keep_going(publication: Publication, values: Mapping[str, Any], user: User, now: datetime) -> Sentence:
    post, gap = publication.post, days(_number(values, "days", 1, MOST_DAYS))
    post.reactions_kept_at = now
    said = say("kept “{title}” although fewer people react to it", title=post.title)
    _save(post, user, now, ["reactions_kept_at"], said)
    _back_in(publication, user, now)
    return say("Kept. You are asked again in {gap}, or after three more results.", gap=gap)


def _rest(publication: Publication, values: Mapping[str, Any], user: User, now: datetime) -> Sentence:
    until = now + timedelta(days=_number(values, "days", 1, LONGEST_REST))
    left_out, moved = rest(publication, until, user, now)
    if moved:
        return say("It rests: the next time is {when}.", when=until)
    return say_count(
        "It rests until {until}: {count} date before that is left out, those after it stay.",
        "It rests until {until}: {count} dates before that are left out, those after it stay.",
        left_out,
        until=until.astimezone(publication.workspace.zone).date(),
    )


def _fine_until(publication: Publication, values: Mapping[str, Any], user: User, now: datetime) -> Sentence:
    post, until = publication.post, date.fromisoformat(values["until"])
    if not timedelta() <= until - now.date() <= timedelta(days=MOST_DAYS):
        raise ValueError(until)
    post.fine_until = until
    _save(post, user, now, ["fine_until"], say("said that “{title}” is fine until {day}", title=post.title, day=until))
    _back_in(publication, user, now)
    return say("Fine until {day}. You are asked again after that.", day=until)


def _allow_more(publication: Publication, values: Mapping[str, Any], user: User, now: datetime) -> Sentence:
    post, more = publication.post, _number(values, "count", 1, 999)
    post.allowed_more += more
    _save(post, user, now, ["allowed_more"], say("allowed “{title}” {more} more", title=post.title, more=times(more)))
    _back_in(publication, user, now)
    return say("It may go out {more} more.", more=times(more))


def _add_more(publication: Publication, values: Mapping[str, Any], user: User, now: datetime) -> Sentence:
    rule, more = _rule(publication.post), _number(values, "count", 1, 999)
    rule.max_repeats = max(rule.max_repeats or 0, publication.number) + more
    if rule.end_date and rule.end_date < now.date():
        rule.end_date = None
    rule.save(update_fields=["max_repeats", "end_date"])
    return _replanned(publication, user, now, say("The series goes on {more} more.", more=times(more)))


def _set_rule(publication: Publication, values: Mapping[str, Any], user: User, now: datetime) -> Sentence:
    rule = _rule(publication.post)
    most, end = values["max_repeats"], values["end_date"]
    if most is None and not end:
        raise ValueError("a rule that does not end")
    rule.interval, rule.unit = _number(values, "interval", 1, MOST_DAYS), RepeatRule.Unit(values["unit"])
    rule.max_repeats = None if most is None else _number(values, "max_repeats", 0, 9999)
    rule.end_date = date.fromisoformat(end) if end else None
    rule.save()
    return _replanned(publication, user, now, say("The repeat rule has changed."))


def _raise_limit(publication: Publication, values: Mapping[str, Any], user: User, now: datetime) -> Sentence:
    """Where it was decided, for the post, the category or the workspace, and for all that it holds."""
    guard, name, to = str(values["guard"]), str(values["option"]), int(values["to"])
    rule, post = RULES[guard], publication.post
    row = deciding(post.workspace_id, post.category_id, post.pk, guard, name)
    if wrong(rule, {**row.options, name: to}):
        raise ValueError(to)
    row.options = {**row.options, name: to}
    row.save()
    touch([post.workspace_id], now)
    record(user, now, [("guard_set", row, say("set the guard “{guard}”", guard=rule.title))])
    _back_in(publication, user, now)
    return say("The guard “{guard}” is set anew.", guard=rule.title)


def _trim(publication: Publication, values: Mapping[str, Any], user: User, now: datetime) -> Sentence:
    post, most = publication.post, _number(values, "to", 2, LONGEST)
    short = trimmed(publication.wording()[1], most)
    _reworded(publication, short, say("shortened “{title}”", title=post.title), user, now)
    return say("Shortened for {channel}.", channel=publication.channel.name)


def _reworded(publication: Publication, text: str, said: Sentence, user: User, now: datetime) -> None:
    """Change the wording whose turn it is, on this network alone."""
    post, turn = publication.post, publication.wording()[0]
    if turn:
        post.variations.filter(position=turn - 1).update(text=text)
    else:
        post.versions.update_or_create(network=publication.channel.network, defaults={"text": text})
    post.revision += 1
    post.fine_until, post.worded_by = None, user
    _save(post, user, now, ["revision", "fine_until", "worded_by"], said)
    approvals.ask([post], user, now)
    _back_in(publication, user, now)


def trimmed(text: str, most: int) -> str:
    """At most `most` characters, cut between words, with an ellipsis."""
    if len(text) <= most:
        return text
    cut = text[: most - 1]
    return (cut.rsplit(None, 1)[0] if any(sign.isspace() for sign in cut) else cut) + "…"


def _remove_link(publication: Publication, values: Mapping[str, Any], user: User, now: datetime) -> Sentence:
    post, url = publication.post, _own_link(publication, values)
    left = without(publication.wording()[1], url)
    if not left:
        raise NotNow(say("The text is nothing but this link. Write another text first."))
    said = say("took a link out of “{title}”", title=post.title)
    _reworded(publication, left, said, user, now)
    return say("Taken out. The text is now: “{words}”", words=left)


def _check_link(publication: Publication, values: Mapping[str, Any], user: User, now: datetime) -> Sentence:
    links.want_now(publication.workspace_id, _own_link(publication, values), now)
    return say("The link is looked at again within a few minutes.")


def _link_is_fine(publication: Publication, values: Mapping[str, Any], user: User, now: datetime) -> Sentence:
    post, url = publication.post, _own_link(publication, values)
    if not links.accept(publication.workspace_id, url):
        raise NotNow(say("The link has been looked at since, and stands differently now."))
    touch([post.workspace_id], now)
    said = say("said that {link} in “{title}” is the right page", title=post.title, link=url)
    record(user, now, [("changed", post, said)])
    _back_in(publication, user, now)
    return say("Noted. You are asked again when the page changes once more.")


def _own_link(publication: Publication, values: Mapping[str, Any]) -> str:
    url = str(values["link"])
    if all(link.url != url for link in found_links(publication.wording()[1])):
        raise NotNow(say("This link is not in the text any more."))
    return url


def _drop_channel(publication: Publication, values: Mapping[str, Any], user: User, now: datetime) -> Sentence:
    post, channel = publication.post, publication.channel
    post.channels.remove(channel)
    coming = Publication.objects.filter(post=post, channel=channel, state__in=[State.SCHEDULED, State.HELD])
    for row in coming.select_related("post"):
        verbs.cancel(row, user, now)
    return say("It no longer goes to {channel}.", channel=channel.name)


def _resume(publication: Publication, values: Mapping[str, Any], user: User, now: datetime) -> Sentence:
    place, only = place_of(publication), values.get("pause")
    # The whole instance is resumed by whoever runs it, not from inside one workspace.
    mine = [one for one in Pauses(now).rows if covers(one, place) and one.workspace_id and only in (None, one.pk)]
    if not mine:
        raise NotNow(say("No pause of this workspace is in force here."))
    for one in mine:
        verbs.resume(one, user, now)
    return say("Resumed.")


def _approve(publication: Publication, values: Mapping[str, Any], user: User, now: datetime) -> Sentence:
    late = approvals.approve(publication.post, str(values["words"]), user, now)
    return approvals.outcome(late)


def _remind(publication: Publication, values: Mapping[str, Any], user: User, now: datetime) -> Sentence:
    return approvals.ask_or_remind(publication.post, user, now)


def _undo(publication: Publication, values: Mapping[str, Any], user: User, now: datetime) -> Sentence:
    undo.take_back(_deed(publication, int(values["deed"])), user, now)
    return say("Undone: all is as it was.")


def _deed(publication: Publication, pk: int) -> Deed:
    deed = Deed.objects.filter(pk=pk, publication=publication).first()
    if deed is None:
        raise NotNow(say("There is nothing to undo here."))
    return deed


def _number(values: Mapping[str, Any], name: str, low: int, high: int) -> int:
    number = int(values[name])
    if not low <= number <= high:
        raise ValueError(number)
    return number


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


def _replanned(publication: Publication, user: User, now: datetime, said: Sentence) -> Sentence:
    post = publication.post
    replan(post, now)
    record(user, now, [("changed", post, say("changed the repeat rule of “{title}”", title=post.title))])
    _back_in(publication, user, now)
    return said


_VERBS: dict[str, Callable[[Publication, Mapping[str, Any], User, datetime], Sentence]] = {
    UNDO: _undo,
    "move": _move,
    "put_back": _put_back,
    "spaced": _spaced,
    "skip": _skip,
    "restore": _restore,
    "release": _release,
    "is_out": _is_out,
    "not_out": _not_out,
    "use_variation": _use_variation,
    "end_series": _end_series,
    "end_series_on": _end_series_on,
    "retire": _retire,
    "extend": _extend,
    "keep": _keep,
    "keep_going": _keep_going,
    "rest": _rest,
    "fine_until": _fine_until,
    "allow_more": _allow_more,
    "add_more": _add_more,
    "set_rule": _set_rule,
    "raise_limit": _raise_limit,
    "trim": _trim,
    "remove_link": _remove_link,
    "check_link": _check_link,
    "link_is_fine": _link_is_fine,
    "drop_channel": _drop_channel,
    "resume": _resume,
    "approve": _approve,
    "remind": _remind,
}
