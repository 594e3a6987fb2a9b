"""Content past the moment at which it expires.

Seen red with the rule's condition taken out.
"""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from guards.rules import expired_content
from tests.guards.kit import NEW_YORK, PARIS, candidate, finds, fix, paris, passes, spoken, utc, verbs

AT = utc("2026-11-26 09:30")


def test_content_without_an_expiry_passes():
    passes(expired_content, candidate())


def test_the_moment_of_expiry_itself_passes_and_a_second_later_does_not():
    passes(expired_content, candidate(at=AT, expires_at=AT))
    finds(expired_content, candidate(at=AT + timedelta(seconds=1), expires_at=AT))


def test_january_does_not_come_back_in_march():
    found = finds(expired_content, candidate(at=paris("2026-03-10 09:00"), expires_at=paris("2026-01-31 23:59")))
    assert spoken(found.message) == (
        "This content expires on 2026-01-31 23:59:00+01:00, and would go out on 2026-03-10 09:00:00+01:00."
    )
    assert verbs(found) == ["end_series", "extend", "edit"]
    assert fix(found, "extend") == {"by_days": 38}


def test_an_expiry_at_midnight_of_another_zone_is_one_moment_everywhere():
    midnight = utc("2026-12-01 05:00")  # 00:00 in New York, 06:00 in Paris
    for zone in (PARIS, NEW_YORK):
        passes(expired_content, candidate(at=midnight, expires_at=midnight, zone=zone))
        finds(expired_content, candidate(at=midnight + timedelta(minutes=1), expires_at=midnight, zone=zone))


@given(
    expires_at=st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC)),
    late=st.integers(1, 200 * 86400),
    zone=st.sampled_from([PARIS, NEW_YORK]),
)
def test_the_extension_that_is_offered_is_just_enough(expires_at, late, zone):
    tried = candidate(at=expires_at + timedelta(seconds=late), expires_at=expires_at, zone=zone)
    more = fix(finds(expired_content, tried), "extend")["by_days"]
    extended = (expires_at.astimezone(zone) + timedelta(days=more)).astimezone(UTC)
    passes(expired_content, candidate(at=tried.at, expires_at=extended, zone=zone))
    assert 1 <= more <= late / 86400 + 2
