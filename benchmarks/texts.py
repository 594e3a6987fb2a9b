"""Posts as a channel's year looks: many that differ, some from one template; the same every time."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator

TEMPLATED = 0.15  # of a channel's posts
NAMES = 80  # of people, places and products that a channel speaks of

OPENINGS = (
    "Today we learned", "Our team explains", "Have you seen", "A short story about", "Behind the scenes of",
    "We are proud of", "Thank you all for", "Many of you asked about", "New on the blog:", "What nobody says about",
    "Three mistakes in", "How we changed", "Last chance for", "Good morning from", "Small wins in", "Save the date for",
    "The best question about", "Why we stopped", "An honest look at", "From the archive:",
)  # fmt: skip
SUBJECTS = (
    "the autumn collection", "our kitchen garden", "remote work", "the new workshop", "accessible design",
    "customer letters", "the winter menu", "slow travel", "the repair café", "our oldest machine", "headline writing",
    "volunteer days", "the night market", "sourdough", "the reading club", "bicycle parking", "open data",
    "the harvest", "our first exhibition", "quiet software", "museum tickets", "the choir rehearsal", "school visits",
    "fair prices", "solar roofs", "the harbour tour", "handmade paper", "city trees", "the annual report", "podcasting",
)  # fmt: skip
MIDDLES = (
    "and what it means for small shops", "with pictures from the people who made it", "in less than five minutes",
    "because details matter more than budgets", "before everybody else talks about it", "without any jargon",
    "told by those who were there", "and the numbers behind it", "for beginners and for those who know it all",
    "as seen from the counter", "between two deliveries", "one step at a time", "now with a list of sources",
    "and why it took us so long", "after a year of trying", "with a recipe at the end",
    "in the language of our readers",
)  # fmt: skip
CLOSINGS = (
    "Tell us what you think.", "Read on:", "More in the newsletter.", "Which one is yours?", "Bring a friend.",
    "Share it with somebody who needs it.", "Answers in the comments!", "You will like the last one.",
    "Doors are open.",    "Reply with your own.", "The link is in our profile.", "Ask us anything.", "",
)  # fmt: skip
TEMPLATES = (
    "Thank you, {name}! Partner of our street festival in {place}, who brought {number} lamps #festival",
    "Now hiring: {name} looks for {number} people in {place}. Apply by mail, we answer everybody.",
    "{place} weather at noon: {number} degrees, wind from {name}. Dress warmly and enjoy the square!",
    "Episode {number} is out: {name} talks about life in {place}. Listen wherever you hear podcasts.",
)
SYLLABLES = re.findall(
    r"\w+", "ba be bo ca da del en er fa fi ga go ha il ka la lo ma mi na no or pa pe ra ri sa so ta ti ul"
)


def texts(seed: int) -> Iterator[str]:
    """One channel's posts, without end."""
    dice = random.Random(seed)
    template, names = dice.choice(TEMPLATES), [_name(dice) for _ in range(NAMES)]
    while True:
        yield _from(template, names, dice) if dice.random() < TEMPLATED else _free(names, dice)


def _free(names: list[str], dice: random.Random) -> str:
    parts = [dice.choice(OPENINGS), dice.choice(SUBJECTS), f"at {dice.choice(names)}", dice.choice(MIDDLES)]
    if dice.random() < 0.5:
        parts += [f"and {dice.choice(SUBJECTS)} with {dice.choice(names)}"]
    told = f"{' '.join(parts)}. {dice.choice(CLOSINGS)}"
    if dice.random() < 0.4:
        told += f" https://example.org/{dice.choice(names).lower()}/{_name(dice).lower()}-{dice.randrange(900)}"
    return f"{told} #{dice.choice(names)}" if dice.random() < 0.5 else told


def _from(template: str, names: list[str], dice: random.Random) -> str:
    return template.format(name=dice.choice(names), place=dice.choice(names), number=dice.randrange(2, 400))


def _name(dice: random.Random) -> str:
    return "".join(dice.choices(SYLLABLES, k=dice.randrange(2, 5))).capitalize()
