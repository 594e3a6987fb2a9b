"""A channel that cannot be reached makes its posts wait."""

from dataclasses import replace

from guards.rules import channel_down
from notices.sentences import say
from tests.guards.kit import ORDINARY, candidate, finds, passes, verbs

DOWN = replace(ORDINARY.channel, trouble=say("It was disconnected."))


def test_a_connected_channel_passes():
    passes(channel_down, candidate())


def test_a_channel_in_trouble_is_found_with_the_trouble_in_the_sentence():
    found = finds(channel_down, candidate(channel=DOWN))
    assert found.message.values["trouble"] == DOWN.trouble
    assert verbs(found) == ["reconnect", "skip"]


def test_it_does_not_lift_by_itself_and_nobody_can_wave_it_through():
    assert finds(channel_down, candidate(channel=DOWN)).until is None
    assert not channel_down.overridable
