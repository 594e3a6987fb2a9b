"""Which column of a file means what: the headers that people and other schedulers write, in English and French."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Final

from notices.sentences import Sentence, say
from posts.csv_bytes import Unreadable

# Compared without case, accents and signs; words in brackets are left out. Seen in the import guides of Buffer
# (Text, Scheduled At, Profile), Hootsuite (date, message, link, no header), SocialBee (text, link, imageUrls,
# postAtSpecificTime), Metricool (Text, Date, Time, Picture Url 1), Ayrshare (post, platforms, scheduleDate)
# and PostFast (scheduled_at, content), read in 2026.
FIELDS: Final[dict[str, tuple[str, ...]]] = {
    "text": (
        "text", "post", "message", "content", "caption", "body", "copy", "update", "tweet", "post text", "post content",
        "message text", "texte", "contenu", "legende", "publication", "texte du post", "texte de la publication",
        "texte du message", "corps",
    ),
    "date": (
        "date", "datetime", "date time", "date and time", "scheduled", "scheduled at", "scheduled for", "scheduled on",
        "scheduled date", "schedule", "schedule at", "schedule date", "start", "start date", "starts at", "publish at",
        "publish on", "publish date", "publication date", "post at", "post date", "post at specific time",
        "posting date", "send at", "send date", "due at", "due date", "first publication", "date heure",
        "date et heure", "date de publication", "date d envoi", "date prevue", "date de debut", "debut", "planifie le",
        "programme le", "publier le", "premiere publication",
    ),
    "time": (
        "time", "hour", "scheduled time", "schedule time", "posting time", "post time", "publish time", "start time",
        "heure", "horaire", "heure de publication", "heure d envoi",
    ),
    "channels": (
        "channel", "channels", "network", "networks", "social network", "social networks", "platform", "platforms",
        "profile", "profiles", "social profile", "social profiles", "account", "accounts", "social account",
        "social accounts", "canal", "canaux", "reseau", "reseaux", "reseau social", "reseaux sociaux", "plateforme",
        "plateformes", "profil", "profils", "compte", "comptes",
    ),
    "language": ("language", "lang", "locale", "langue"),
    "expires": (
        "expires", "expire", "expires at", "expires on", "expire at", "expire on", "expiry", "expiry date",
        "expiration", "expiration date", "not after", "do not recur after", "valid until", "date d expiration",
        "expire le", "pas apres", "valable jusqu au",
    ),
    "category": ("category", "categories", "bucket", "library", "categorie", "rubrique"),
    "every": (
        "every", "interval", "repeat", "repeat every", "repeats every", "frequency", "recurrence", "intervalle",
        "frequence", "repeter", "repeter tous les", "tous les", "toutes les",
    ),
    "unit": ("unit", "interval unit", "repeat unit", "unite"),
    "repeats": (
        "repeats", "max repeats", "maximum repeats", "number of repeats", "repeat count", "times", "number of times",
        "at most", "cycles", "repetitions", "nombre de repetitions", "nombre de fois", "fois", "au plus",
    ),
    "until": (
        "until", "end", "ends", "ends at", "ends on", "end date", "repeat until", "fin", "date de fin", "jusqu au",
    ),
    "link": ("link", "links", "url", "link url", "website", "lien", "liens"),
    "media": (
        "image", "images", "image url", "image urls", "picture", "pictures", "picture url", "photo", "photos", "media",
        "media url", "media urls", "video", "videos", "video url", "video urls", "gif", "gif url", "gif urls",
        "attachment", "attachments", "file", "files", "path", "visuel", "piece jointe", "fichier",
    ),
}  # fmt: skip
_MEANING: Final = {alias: field for field, aliases in FIELDS.items() for alias in aliases}
_SEVERAL: Final = frozenset({"media"})


def meaning(header: str) -> str:
    """The field that a header names; empty for one that Refrain does not know."""
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", re.sub(r"\(.*?\)|\[.*?\]", " ", header))
    plain = unicodedata.normalize("NFKD", spaced.casefold())
    words = re.findall(r"[a-z0-9]+", "".join(sign for sign in plain if not unicodedata.combining(sign)))
    found = _MEANING.get(" ".join(words), "")
    if not found and words and words[-1].isdigit():
        found = _MEANING.get(" ".join(words[:-1]), "")
    return found


def fields(headers: Sequence[str]) -> list[str]:
    """What each column means, in order. Raises Unreadable when the text is missing or a meaning stands twice."""
    found = [meaning(header) for header in headers]
    for field in set(found) - {""} - _SEVERAL:
        places = [header for header, other in zip(headers, found, strict=True) if other == field]
        if len(places) > 1:
            raise Unreadable(_twice(places[0], places[1]))
    if "text" not in found:
        raise Unreadable(_without_text(headers))
    return found


def _twice(one: str, other: str) -> Sentence:
    return say(
        "The columns “{one}” and “{other}” mean the same thing here. Rename or remove one of them.",
        one=one.strip(),
        other=other.strip(),
    )


def _without_text(headers: Sequence[str]) -> Sentence:
    named = ", ".join(f"“{header.strip()}”" for header in headers if header.strip())[:300]
    return say(
        "The column with the texts is missing. Name it “text” (or message, content, caption). Columns found: {named}.",
        named=named,
    )
