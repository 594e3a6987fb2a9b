"""The languages whose words for time are known."""

from collections.abc import Mapping

from .base import Language
from .de import GERMAN
from .en import ENGLISH
from .es import SPANISH
from .fr import FRENCH
from .it import ITALIAN
from .nl import DUTCH
from .pt import PORTUGUESE

LANGUAGES: Mapping[str, Language] = {
    language.code: language for language in (ENGLISH, FRENCH, GERMAN, SPANISH, ITALIAN, PORTUGUESE, DUTCH)
}
