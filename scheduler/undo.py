"""How things stood before a fix, kept with it, and put back when a person takes the fix back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction

from guards.models import GuardSetting, deciding
from notices.sentences import Sentence, say
from posts.models import Post, RepeatRule
from scheduler import approvals
from scheduler.models import Deed, Publication
from scheduler.moves import move
from scheduler.plan import plan, replan, touch
from scheduler.record import record
from scheduler.states import State
from scheduler.verbs import NotNow, out_of_its_slot
from teams.models import User

Kept = dict[str, Any]

_RETURNS_TO = (State.SCHEDULED, State.HELD, State.BLOCKED, State.SKIPPED, State.CANCELLED)


def standing(publication: Publication, verb: str, values: Mapping[str, Any]) -> Kept | None:
    """What this fix is about to change. None: it cannot be taken back."""
    parts = _PARTS.get(verb)
    if parts is None or publication.state not in _RETURNS_TO:
        return None
    kept = {"row": _row(publication)} | {part: _KEEP[part](publication) for part in parts}
    return kept | ({"setting": _keep_setting(publication, values)} if verb == "raise_limit" else {})


def kept(
    publication: Publication,
    verb: str,
    sentence: Sentence,
    before: Kept | None,
    user: User,
    now: datetime,
    batch: UUID | None,
) -> Deed:
    revision = Publication.objects.filter(pk=publication.pk).values_list("revision", flat=True).first()
    return Deed.objects.create(
        workspace_id=publication.workspace_id,
        post=publication.post,
        publication=None if revision is None else publication,
        batch=batch or uuid4(),
        user=user,
        at=now,
        verb=verb,
        sentence=sentence.as_json(),
        before=before,
        revision=revision or 0,
    )


def take_back(deed: Deed, user: User, now: datetime) -> None:
    """Put everything back that the fix changed. Raises NotNow when something has happened since."""
    with transaction.atomic():
        mine = Deed.objects.filter(pk=deed.pk, undone_at=None).exclude(before=None).update(undone_at=now)
        if not mine:
            raise NotNow(say("This cannot be undone any more."))
        before = deed.before or {}
        post = Post.objects.get(pk=deed.post_id)
        if deed.publication is not None:
            _put_row(deed.publication, before["row"], deed.revision, now)
        for part, put in _PUT.items():
            if part in before:
                put(post, before[part], now)
        if "text" in before:
            approvals.ask([post], user, now)
        touch([deed.workspace_id], now)
        about = deed.publication or post
        record(user, now, [("undone", about, say("took back a change to “{title}”", title=post.title))])


def _row(row: Publication) -> Kept:
    return {
        "pk": row.pk,
        "state": row.state,
        "revision": row.revision,
        "planned_for": row.planned_for.isoformat(),
        "next_attempt_at": row.next_attempt_at and row.next_attempt_at.isoformat(),
        "reason": row.reason,
        "sentence": row.sentence,
        "variation": row.variation,
        "judgement": row.judgement_id,
        "tries": row.tries,
    }


def _put_row(row: Publication, before: Kept, revision: int, now: datetime) -> None:
    if row.revision != revision:
        raise NotNow(say("It has changed since; look at it again. Nothing was undone."))
    if revision == before["revision"]:
        return
    fields = {name: before[name] for name in ("reason", "sentence", "variation", "tries")}
    fields |= {"judgement_id": before["judgement"], "planned_for": datetime.fromisoformat(before["planned_for"])}
    again = before["next_attempt_at"] and datetime.fromisoformat(before["next_attempt_at"])
    if row.state != State.SCHEDULED:
        _moved(row, State.SCHEDULED, now, next_attempt_at=fields["planned_for"], **out_of_its_slot(row))
    if before["state"] in (State.SCHEDULED, State.HELD):
        fields["next_attempt_at"] = again
    _moved(row, State(before["state"]), now, **fields)


def _moved(row: Publication, to: State, now: datetime, **fields: Any) -> None:
    if not move([row], to, now, **fields):
        raise NotNow(say("Somebody, or Refrain itself, was first. Look again: it has changed."))


def _keep_post(row: Publication) -> Kept:
    post = row.post
    return {
        "expires_at": post.expires_at and post.expires_at.isoformat(),
        "reviewed_at": post.reviewed_at.isoformat(),
        "allowed_more": post.allowed_more,
        "reactions_kept_at": post.reactions_kept_at and post.reactions_kept_at.isoformat(),
    }


def _put_post(post: Post, before: Kept, now: datetime) -> None:
    post.expires_at = before["expires_at"] and datetime.fromisoformat(before["expires_at"])
    post.reviewed_at = datetime.fromisoformat(before["reviewed_at"])
    post.allowed_more = before["allowed_more"]
    if "reactions_kept_at" in before:
        kept = before["reactions_kept_at"]
        post.reactions_kept_at = kept and datetime.fromisoformat(kept)
    post.save(update_fields=["expires_at", "reviewed_at", "allowed_more", "reactions_kept_at", "updated_at"])


def _keep_word(row: Publication) -> Kept:
    """A person's word that the text is fine, and which text that was."""
    return {"fine_until": _iso(row.post.fine_until), "revision": row.post.revision}


def _put_word(post: Post, before: Kept, now: datetime) -> None:
    """It was given for that text, and for no other."""
    same = post.revision == before["revision"]
    post.fine_until = _day(before["fine_until"]) if same else None
    post.save(update_fields=["fine_until", "updated_at"])


def _keep_rule(row: Publication) -> Kept:
    rule: RepeatRule | None = getattr(row.post, "rule", None)
    if rule is None:
        return {}
    end = _iso(rule.end_date)
    return {"interval": rule.interval, "unit": rule.unit, "max_repeats": rule.max_repeats, "end_date": end}


def _put_rule(post: Post, before: Kept, now: datetime) -> None:
    RepeatRule.objects.filter(post=post).update(**{**before, "end_date": _day(before["end_date"])})
    replan(_fresh(post), now)


def _keep_text(row: Publication) -> Kept:
    turn, text = row.wording()
    own = any(version.network == row.channel.network for version in row.post.versions.all())
    kept = {"turn": turn, "network": row.channel.network, "text": text if turn or own else None}
    return kept | _keep_word(row)


def _put_text(post: Post, before: Kept, now: datetime) -> None:
    versions = post.versions.filter(network=before["network"])
    if before["turn"]:
        post.variations.filter(position=before["turn"] - 1).update(text=before["text"])
    elif before["text"] is None:
        versions.delete()
    else:
        versions.update(text=before["text"])
    if "fine_until" in before:
        _put_word(post, before | {"revision": before["revision"] + 1}, now)
    post.revision += 1
    post.save(update_fields=["revision", "updated_at"])


def _keep_setting(row: Publication, values: Mapping[str, Any]) -> Kept:
    guard, option = str(values["guard"]), str(values["option"])
    found = deciding(row.workspace_id, row.post.category_id, row.post_id, guard, option)
    where = {"guard": guard, "category": found.category_id, "post": found.post_id}
    return where | {"options": found.options if found.pk else None}


def _put_setting(post: Post, before: Kept, now: datetime) -> None:
    where = {"category": before["category"], "post": before.get("post")}
    rows = GuardSetting.objects.filter(workspace=post.workspace_id, guard=before["guard"], **where)
    if before["options"] is None:
        rows.delete()
    else:
        rows.update(options=before["options"])


def _keep_coming(row: Publication) -> Kept:
    """The series: where it goes, and all that is still to come of it."""
    coming = Publication.objects.filter(post=row.post_id, state__in=[State.SCHEDULED, State.HELD]).exclude(pk=row.pk)
    return {"status": row.post.status, "channel": row.channel_id, "rows": [_row(one) for one in coming]}


def _put_coming(post: Post, before: Kept, now: datetime) -> None:
    post.status = before["status"]
    post.save(update_fields=["status", "updated_at"])
    post.channels.add(before["channel"])
    found = {row.pk: row for row in _cancelled(one["pk"] for one in before["rows"])}
    for one in before["rows"]:
        if one["pk"] in found:
            _put_row(found[one["pk"]], one, found[one["pk"]].revision, now)
    if post.status == Post.Status.ACTIVE:
        plan([_fresh(post)], now)


def _cancelled(pks: Iterable[int]) -> list[Publication]:
    return list(Publication.objects.filter(pk__in=list(pks), state=State.CANCELLED))


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _day(kept: str | None) -> date | None:
    return date.fromisoformat(kept) if kept else None


def _fresh(post: Post) -> Post:
    return Post.objects.select_related("rule", "workspace").get(pk=post.pk)


_PARTS: dict[str, tuple[str, ...]] = {
    "move": (),
    "put_back": (),
    "spaced": (),
    "skip": (),
    "restore": (),
    "release": (),
    "use_variation": (),
    "extend": ("post",),
    "keep": ("post",),
    "keep_going": ("post",),
    "rest": ("coming",),
    "fine_until": ("word",),
    "allow_more": ("post",),
    "add_more": ("rule",),
    "set_rule": ("rule",),
    "raise_limit": (),
    "trim": ("text",),
    "remove_link": ("text",),
    "drop_channel": ("coming",),
    "end_series": ("coming",),
    "end_series_on": ("rule", "coming"),
    "retire": ("coming",),
}
_KEEP: dict[str, Callable[[Publication], Kept]] = {
    "post": _keep_post,
    "word": _keep_word,
    "rule": _keep_rule,
    "text": _keep_text,
    "coming": _keep_coming,
}
_PUT: dict[str, Callable[[Post, Kept, datetime], None]] = {
    "post": _put_post,
    "word": _put_word,
    "rule": _put_rule,
    "text": _put_text,
    "coming": _put_coming,
    "setting": _put_setting,
}
