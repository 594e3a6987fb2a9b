"""What a person can do to a publication. Each ends in one compare-and-set and one line in the record."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q

from guards.catalogue import RULES
from notices.sentences import Sentence, say
from posts.models import Category, Channel, Post
from posts.networks.base import Receipt
from scheduler import gate, tell
from scheduler.models import Override, Pause, Publication
from scheduler.moves import IllegalMove, move
from scheduler.pauses import covers, place_of, scope
from scheduler.plan import touch
from scheduler.record import record
from scheduler.settle import adopt, close_attempts
from scheduler.states import State
from teams.models import User, Workspace

ON_ITS_WAY = frozenset({State.SENDING, State.UNCONFIRMED})
SHORTEST_REASON = 10  # characters: "ok" explains nothing to whoever reads the record


class NotNow(Exception):
    """It cannot be done as things stand; `sentence` says why."""

    def __init__(self, sentence: Sentence) -> None:
        super().__init__(sentence.text)
        self.sentence = sentence


def release(publication: Publication, user: User, now: datetime) -> None:
    """Let it go out as soon as the guards agree; it is judged again first."""
    _go(publication, State.SCHEDULED, user, now, "released", say("released “{title}”"), planned_for=now, tries=0)


def override(publication: Publication, user: User, reason: str, now: datetime) -> None:
    """Let it pass the guards that hold it, and only those, with a reason on record."""
    if len(reason.strip()) < SHORTEST_REASON:
        raise NotNow(say("Say why in at least {count} characters: it stays on record.", count=SHORTEST_REASON))
    holding = _holding(publication)
    if not holding:
        raise NotNow(say("No guard holds this that a person may let pass."))
    with transaction.atomic():
        Override.objects.create(
            publication=publication, user=user, by=str(user), reason=reason.strip(), guards=holding, at=now
        )
        when = max(publication.planned_for, now)
        said = say("let “{title}” pass, because: {reason}", reason=reason.strip())
        _go(publication, State.SCHEDULED, user, now, "overridden", said, planned_for=when)


def skip(publication: Publication, user: User, now: datetime) -> None:
    _go(publication, State.SKIPPED, user, now, "skipped", say("skipped one of “{title}”"))


def cancel(publication: Publication, user: User, now: datetime) -> None:
    _go(publication, State.CANCELLED, user, now, "cancelled", say("cancelled one of “{title}”"))


def restore(publication: Publication, user: User, now: datetime) -> None:
    """Undo a skip, a cancellation or a block: planned as before, or as soon as the guards agree."""
    when = max(publication.planned_for, now)
    _go(publication, State.SCHEDULED, user, now, "restored", say("took “{title}” back in"), planned_for=when)


def move_to(publication: Publication, when: datetime, user: User, now: datetime) -> None:
    if when < now - timedelta(minutes=1):
        raise NotNow(say("{when} is past. Choose a time to come.", when=when))
    said = say("moved “{title}” to {when}", when=when)
    _go(publication, State.SCHEDULED, user, now, "moved", said, planned_for=when)


def use_variation(publication: Publication, variation: int, user: User, now: datetime) -> None:
    said = say("chose another wording of “{title}”")
    when = max(publication.planned_for, now)
    _go(publication, State.SCHEDULED, user, now, "reworded", said, variation=variation, planned_for=when)


def settle(publication: Publication, out: bool, user: User, now: datetime) -> None:
    """A person looked: it is out, or it is not and may be sent."""
    if publication.state != State.UNCONFIRMED:
        raise NotNow(say("This is not waiting for anybody's word."))
    with transaction.atomic():
        close_attempts(publication, now)
        if out:
            moved = adopt(publication, Receipt("", ""), now, say("{who} saw that it is out.", who=str(user)))
            said = say("saw that “{title}” is out")
        else:
            fresh: dict[str, Any] = {"planned_for": now, "next_attempt_at": now, "lost": 0, "stumbles": 0}
            fresh["intended_at"] = None
            moved = bool(move([publication], State.SCHEDULED, now, **fresh))
            said = say("saw that “{title}” is not out, and sent it again")
        _must(moved)
        _recorded(publication, user, now, "settled", said)


def pause(
    workspace: Workspace | None,
    user: User | None,
    now: datetime,
    *,
    by: str = "",
    reason: str = "",
    until: datetime | None = None,
    network: str = "",
    channel: Channel | None = None,
    category: Category | None = None,
    post: Post | None = None,
    repeats_only: bool = False,
) -> Pause:
    """Nothing in this scope goes out from the next intent on. `repeats_only` lets the post's first one go."""
    if until and until <= now:
        raise past(until)
    with transaction.atomic():
        gate.shut()
        made = Pause.objects.create(
            workspace=workspace, user=user, by=by or str(user), since=now, until=until, reason=reason,
            network=network, channel=channel, category=category, post=post, repeats_only=repeats_only,
        )  # fmt: skip
        if workspace:
            record(user, now, [("paused", made, say("paused {scope}", scope=scope(made)))])
        _known(made, tell.paused, now)
    return made


def past(until: datetime) -> NotNow:
    return NotNow(say("{when} is past. Choose a time to come, or leave it open.", when=until))


def resume(paused: Pause, user: User | None, now: datetime, *, by: str = "") -> int:
    """End a pause. What was missed meanwhile stays held; what is still on time goes on. Returns how many wait."""
    with transaction.atomic():
        ended = Pause.objects.filter(pk=paused.pk, ended_at=None).update(ended_at=now, ended_by=by or str(user or ""))
        if not ended:
            raise NotNow(say("Somebody has resumed this already."))
        waiting = [row for row in _held_by_pauses(paused) if covers(paused, place_of(row))]
        late = let_go_on(waiting, lambda row: say("Was due on {when}, during a pause.", when=row.planned_for), now)
        paused.ended_at, paused.ended_by = now, by or str(user or "")
        if paused.workspace_id:
            record(user, now, [("resumed", paused, say("resumed {scope}", scope=scope(paused)))])
        _known(paused, tell.resumed, now)
    return late


def out_of_its_slot(publication: Publication) -> dict[str, Any]:
    """What was left out gave its slot up: taken back in it has its time, but another may have the slot by now."""
    left_out = publication.state in (State.SKIPPED, State.CANCELLED)
    return {"slot": None, "slot_date": None} if left_out and publication.slot_id else {}


def let_go_on(waiting: Iterable[Publication], missed: Callable[[Publication], Sentence], now: datetime) -> int:
    """What is still on time goes on; what is late stays held, as `missed` says of it. Returns how many stay."""
    rows = list(waiting)
    late = [row for row in rows if now - row.planned_for > row.workspace.grace]
    on_time = [row for row in rows if row not in late]
    for row in on_time:
        row.next_attempt_at = row.planned_for
    move(on_time, State.SCHEDULED, now, each=["next_attempt_at"])
    for row in late:
        row.reason, row.sentence = "missed", missed(row).as_json()
    move(late, State.HELD, now, each=["reason", "sentence"], next_attempt_at=None)
    return len(late)


def _go(
    publication: Publication, to: State, user: User, now: datetime, action: str, said: Sentence, **fields: Any
) -> None:
    if publication.state in ON_ITS_WAY:  # the engine and the network's word lead on from there, not a wish
        raise NotNow(_where_it_stands(publication))
    if to == State.SCHEDULED and publication.post.status != Post.Status.ACTIVE:
        raise NotNow(say("Its series was ended. Schedule the post again first."))
    if to == State.SCHEDULED:  # a person's word: whatever it has done to the engine is forgotten
        fields |= {"next_attempt_at": fields.get("planned_for", publication.planned_for), "lost": 0, "stumbles": 0}
        fields |= out_of_its_slot(publication)
    with transaction.atomic():
        try:
            moved = move([publication], to, now, **fields)
        except IllegalMove:
            raise NotNow(_where_it_stands(publication)) from None
        _must(bool(moved))
        _recorded(publication, user, now, action, said)


def _known(paused: Pause, telling: Callable[[Pause, Sequence[Workspace]], None], now: datetime) -> None:
    """A pause of the whole instance concerns every workspace: their members are told, their forecasts are stale."""
    concerned = [paused.workspace] if paused.workspace else list(Workspace.objects.all())
    telling(paused, concerned)
    touch([one.pk for one in concerned], now)


def _must(moved: bool) -> None:
    if not moved:
        raise NotNow(say("Somebody, or Refrain itself, was first. Look again: it has changed."))


def _recorded(publication: Publication, user: User, now: datetime, action: str, said: Sentence) -> None:
    titled = Sentence(said.text, {**said.values, "title": publication.post.title})
    record(user, now, [(action, publication, titled)])
    touch([publication.workspace_id], now)


def _where_it_stands(publication: Publication) -> Sentence:
    if publication.state == State.PUBLISHED:
        return say("This is out already.")
    if publication.state in (State.CLAIMED, State.SENDING):
        return say("This is being sent right now.")
    if publication.state == State.UNCONFIRMED:
        return say("This may be out already. Say first whether it is.")
    return say("That is not possible any more: it has ended.")


def _holding(publication: Publication) -> list[str]:
    if publication.judgement is None or publication.state != State.HELD:
        return []
    checks: Iterable[dict[str, Any]] = publication.judgement.checks
    names = [check["guard"] for check in checks if check["action"] == "hold"]
    return [name for name in names if name in RULES and RULES[name].overridable]


def _held_by_pauses(paused: Pause) -> list[Publication]:
    rows = Publication.objects.filter(state=State.HELD, reason="paused").select_related("channel", "post", "workspace")
    return list(rows.filter(Q(workspace=paused.workspace_id) if paused.workspace_id else Q()))
