"""How long a network asks us to wait, read from what it says."""

from datetime import UTC, datetime

import pytest

from posts.networks.retry_after import seconds_to_wait

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("120", 120),
        ("1.5", 1.5),
        ("0", 1),
        ("-5", 1),
        ("1000000000000", 21600),
        ("9" * 500, 21600),
        ("Sat, 21 Nov 2026 12:02:00 GMT", 120),
        ("Sat, 21 Nov 2026 12:02:00 -0000", 120),
        ("Sat, 21 Nov 2026 11:00:00 GMT", 1),
        ("Fri, 31 Dec 9999 23:59:59 GMT", 21600),
        ("soon", 60),
        ("", 60),
        ("nan", 60),
        ("inf", 60),
        ("١٢٠", 60),
        ("Sat, 99 Nov 2026 12:02:00 GMT", 60),
    ],
)
def test_retry_after_is_read_in_both_forms_and_kept_between_a_second_and_six_hours(header: str, seconds: float) -> None:
    assert seconds_to_wait({"retry-after": header}, None, NOW) == seconds


@pytest.mark.parametrize(
    ("body", "seconds"),
    [
        ({"parameters": {"retry_after": 35}}, 35),
        ({"parameters": {"retry_after": -1}}, 1),
        ({"parameters": {"retry_after": 10**400}}, 21600),
        ({"parameters": {"retry_after": "35"}}, None),
        ({"parameters": []}, None),
        ([], None),
        (None, None),
    ],
)
def test_telegrams_way_of_saying_it_is_read_from_the_body(body: object, seconds: float | None) -> None:
    assert seconds_to_wait({}, body, NOW) == seconds


def test_the_moment_of_the_reset_is_counted_from_the_networks_own_clock() -> None:
    reset = str(int(NOW.timestamp()) + 900)
    assert seconds_to_wait({"x-rate-limit-reset": reset}, None, NOW) == 900
    assert seconds_to_wait({"x-rate-limit-reset": "tomorrow"}, None, NOW) == 60


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"x-ratelimit-reset": "2026-11-21T12:05:00.123Z"}, 300.123),  # Mastodon
        ({"x-ratelimit-remaining": "0", "x-ratelimit-reset": "2026-11-21T12:05:00"}, 300),
        ({"ratelimit-remaining": "0", "ratelimit-reset": "290"}, 290),  # the IETF draft
        ({"ratelimit-reset": str(int(NOW.timestamp()) + 290)}, 290),  # Bluesky
        ({"x-ratelimit-reset": "tomorrow"}, 60),
        (  # X: the day's posts are used up, the quarter hour's are not
            {
                "x-rate-limit-remaining": "99",
                "x-rate-limit-reset": str(int(NOW.timestamp()) + 900),
                "x-user-limit-24hour-remaining": "0",
                "x-user-limit-24hour-reset": str(int(NOW.timestamp()) + 7200),
            },
            7200,
        ),
        ({"x-rate-limit-remaining": "99", "x-rate-limit-reset": str(int(NOW.timestamp()) + 900)}, None),
        (  # Meta
            {"x-business-use-case-usage": '{"1": [{"call_count": 100, "estimated_time_to_regain_access": 28}]}'},
            1680,
        ),
        ({"x-business-use-case-usage": '{"1": [{"call_count": 9, "estimated_time_to_regain_access": 0}]}'}, None),
        ({"x-business-use-case-usage": "{broken"}, None),
    ],
)
def test_every_family_of_rate_limit_headers_is_read(headers: dict[str, str], seconds: float | None) -> None:
    told = seconds_to_wait(headers, None, NOW)
    assert told == (seconds if seconds is None else pytest.approx(seconds))
