"""Channels and networks that fail are left alone for a while; then one publication tries whether they are well again.

A channel that its network refuses is down at once, until a person has seen to it. Here it is about faults that pass:
five failures in a row, or a network that asks for patience. Waiting costs no try, and what waits past its grace is
held: nothing fails because of it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Q

from notices.sentences import Sentence, say, say_count
from posts.models import Channel
from posts.networks import NETWORKS
from posts.networks.base import ChannelRefused, NotSent, Receipt, Refused, SendError, Unconfirmed
from scheduler.catch_up import ALONE, put_off
from scheduler.last_look import Untried
from scheduler.models import Breaker, Publication
from scheduler.quarantine import Stumbled

MOST_FAILURES = 5
FIRST, LONGEST = timedelta(minutes=10), timedelta(hours=2)
UNNAMED = timedelta(seconds=60)  # a network that asks for patience and does not say how much
LOOK_AGAIN = timedelta(seconds=15)  # while one tries
# A network is left alone as a whole when half of its channels fail within five minutes, and there are ten to judge by.
WITHIN, FEWEST, SHARE = timedelta(minutes=5), 10, 0.5
HEARD = timedelta(minutes=1)  # how exactly it is kept when a channel was last tried

Told = tuple[Publication, Receipt | SendError]
_KEPT = ("failures", "openings", "failed_at", "heard_at", "open_until", "probing", "sentence")


def let_through(rows: Sequence[Publication], now: datetime) -> list[Publication]:
    """Those whose channel and network are published to; the others wait. Of one that is tried again, the first."""
    open_ = _Open(rows, now)
    if not open_:
        return list(rows)
    waiting = [row for row in sorted(rows, key=lambda row: (row.planned_for, row.pk)) if not open_.lets(row)]
    open_.save()
    for row in waiting:
        # Never past the grace: then it is held, with this as the reason.
        row.next_attempt_at = min(open_.until(row), row.planned_for + row.workspace.grace + timedelta(seconds=1))
    put_off(waiting, ALONE, open_.why, now)
    gone = {row.pk for row in waiting}
    return [row for row in rows if row.pk not in gone]


def learn(told: Iterable[Told], now: datetime) -> None:
    """What these answers say about the channels that gave them, and about their networks."""
    heard = [(row.channel, outcome) for row, outcome in told if not isinstance(outcome, (Untried, Stumbled))]
    if not heard:
        return
    networks = {channel.network for channel, _ in heard}
    found = Breaker.objects.filter(Q(channel__in={channel.pk for channel, _ in heard}) | Q(network__in=networks))
    with transaction.atomic():
        known = list(found.select_for_update(of=["self"]).order_by("pk"))
        _learn_of_channels(heard, {one.channel_id: one for one in known if one.channel_id}, now)
        _learn_of_networks(heard, {one.network: one for one in known if one.network}, now)


def forget(channel: Channel) -> None:
    """A person has seen to it."""
    Breaker.objects.filter(channel=channel).delete()


def open_of(channels: Iterable[Channel], now: datetime) -> dict[int, Sentence]:
    """By channel, what to say of those that are left alone at this moment."""
    listed = list(channels)
    places = Q(channel__in=[one.pk for one in listed]) | Q(network__in={one.network for one in listed})
    found = list(Breaker.objects.filter(places, open_until__isnull=False))
    of_networks = {one.network: one for one in found if one.network}
    of_channels = {one.channel_id: one for one in found if one.channel_id}
    both = {one.pk: of_networks.get(one.network) or of_channels.get(one.pk) for one in listed}
    return {pk: _sentence(breaker, now) for pk, breaker in both.items() if breaker}


class _Open:
    """The breakers in the way of a batch."""

    def __init__(self, rows: Sequence[Publication], now: datetime) -> None:
        self._now = now
        places = Q(channel__in={row.channel_id for row in rows}) | Q(network__in={row.channel.network for row in rows})
        found = list(Breaker.objects.filter(places, open_until__isnull=False)) if rows else []
        if any(self._may_try(one) for one in found):
            # Whoever comes first tries; the other batch sees that one is on its way.
            mine = Breaker.objects.select_for_update(of=["self"]).filter(pk__in=[one.pk for one in found])
            found = list(mine.exclude(open_until=None).order_by("pk"))
        self._by_channel = {one.channel_id: one for one in found if one.channel_id}
        self._by_network = {one.network: one for one in found if one.network}
        self._trying: list[Breaker] = []

    def __bool__(self) -> bool:
        return bool(self._by_channel or self._by_network)

    def lets(self, row: Publication) -> bool:
        there = self._over(row)
        if not all(self._may_try(one) for one in there):
            return False
        for one in there:
            one.probing, one.open_until = True, self._now + timedelta(seconds=settings.LEASE)
            self._trying.append(one)
        return True

    def save(self) -> None:
        until = self._now + timedelta(seconds=settings.LEASE)
        Breaker.objects.filter(pk__in=[one.pk for one in self._trying]).update(probing=True, open_until=until)

    def until(self, row: Publication) -> datetime:
        shut = [one for one in self._over(row) if not self._may_try(one)]
        return max(self._now + LOOK_AGAIN if one.probing else _until(one) for one in shut)

    def why(self, row: Publication) -> Sentence:
        return _sentence(self._over(row)[-1], self._now)

    def _over(self, row: Publication) -> list[Breaker]:
        both = (self._by_channel.get(row.channel_id), self._by_network.get(row.channel.network))
        return [one for one in both if one]

    def _may_try(self, one: Breaker) -> bool:
        return _until(one) <= self._now


def _until(breaker: Breaker) -> datetime:
    assert breaker.open_until is not None  # it was asked for those that have one
    return breaker.open_until


def _learn_of_channels(
    heard: Sequence[tuple[Channel, Receipt | SendError]], known: Mapping[int | None, Breaker], now: datetime
) -> None:
    """Of a channel that is well it is kept once a minute that it was tried, and nothing else."""
    after: dict[int, Breaker] = {}
    for channel, outcome in heard:
        before = after.get(channel.pk) or known.get(channel.pk)
        if before and isinstance(outcome, Receipt) and _well(before, now):
            continue
        kept = {name: getattr(before, name) for name in _KEPT} if before else {}
        breaker = Breaker(channel=channel, **kept)
        _take(breaker, outcome, now)
        if before is None or channel.pk in after or _differs(before, breaker):
            after[channel.pk] = breaker
    Breaker.objects.bulk_create(
        [after[pk] for pk in sorted(after)], update_conflicts=True, unique_fields=["channel"], update_fields=_KEPT
    )


def _well(breaker: Breaker, now: datetime) -> bool:
    """Heard of a moment ago, with nothing to forget."""
    troubled = breaker.failures or breaker.openings or breaker.open_until or breaker.sentence
    return not troubled and breaker.heard_at is not None and now - breaker.heard_at < HEARD


def _differs(before: Breaker, after: Breaker) -> bool:
    same = all(getattr(before, name) == getattr(after, name) for name in _KEPT if name != "heard_at")
    stale = before.heard_at is None or after.heard_at is None or after.heard_at - before.heard_at >= HEARD
    return stale or not same


def _take(breaker: Breaker, outcome: Receipt | SendError, now: datetime) -> None:
    breaker.heard_at = now
    if isinstance(outcome, (Receipt, Refused)):  # it answers, and that is all that counts here
        breaker.failures = breaker.openings = 0
        breaker.open_until, breaker.probing, breaker.sentence = None, False, None
        return
    breaker.sentence = outcome.sentence.as_json()
    if isinstance(outcome, NotSent) and not outcome.counts:
        asked = UNNAMED if outcome.retry_after is None else timedelta(seconds=outcome.retry_after)
        breaker.open_until, breaker.probing = max(breaker.open_until or now, now + asked), False
        return
    assert isinstance(outcome, (NotSent, Unconfirmed, ChannelRefused))
    breaker.failures, breaker.failed_at = breaker.failures + 1, now
    if breaker.probing or (breaker.failures >= MOST_FAILURES and (breaker.open_until or now) <= now):
        _open(breaker, now)


def _open(breaker: Breaker, now: datetime) -> None:
    breaker.openings += 1
    wait: timedelta = min(FIRST * 2 ** min(breaker.openings - 1, 10), LONGEST)
    breaker.open_until, breaker.probing = now + wait, False


def _learn_of_networks(
    heard: Sequence[tuple[Channel, Receipt | SendError]], known: Mapping[str | None, Breaker], now: datetime
) -> None:
    well, ill = set(), defaultdict(list)
    for channel, outcome in heard:
        if isinstance(outcome, (Receipt, Refused)):
            well.add(channel.network)
        elif not isinstance(outcome, NotSent) or outcome.counts:
            ill[channel.network].append(outcome)
    tried = {network: breaker for network, breaker in known.items() if breaker.probing}
    Breaker.objects.filter(pk__in=[tried[name].pk for name in well & set(tried)]).delete()
    for name in set(ill) & set(tried) - well:
        _open(tried[name], now)
        tried[name].save()
    for name in _failing({name for name in ill if name not in known}, now):
        _open_network(name, ill[name][-1].sentence, now)


def _open_network(name: str, why: Sentence, now: datetime) -> None:
    opened = Breaker(network=name, failed_at=now, sentence=why.as_json())
    _open(opened, now)
    Breaker.objects.bulk_create([opened], ignore_conflicts=True)


def _failing(names: set[str], now: datetime) -> list[str]:
    """Of these networks: those where so many channels have failed lately that it cannot be the channels."""
    if not names:
        return []
    lately = Breaker.objects.filter(channel__network__in=names, heard_at__gt=now - WITHIN)
    failed = Q(failures__gt=0, failed_at__gt=now - WITHIN)
    counted = lately.order_by().values("channel__network").annotate(tried=Count("pk"), ill=Count("pk", filter=failed))
    many = counted.filter(tried__gte=FEWEST).values_list("channel__network", "tried", "ill")
    return [name for name, tried, ill in many if ill >= SHARE * tried]


def _sentence(breaker: Breaker, now: datetime) -> Sentence:
    why = Sentence.from_json(breaker.sentence) if breaker.sentence else say("It gave no reason.")
    who = NETWORKS[breaker.network].name if breaker.network in NETWORKS else say("This channel")
    if breaker.probing or _until(breaker) <= now:
        return say("{why} One publication tries whether {who} is well again; the others wait for it.", why=why, who=who)
    if breaker.failures:
        many = say_count("{count} failure", "{count} failures in a row", breaker.failures)
        return say("{why} After {many} it is left alone until {when}.", why=why, many=many, when=breaker.open_until)
    return say("{why} {who} is left alone until {when}.", why=why, who=who, when=breaker.open_until)
