"""Reads bodies strictly: what two readers could understand in two ways is refused with a sentence."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any, NoReturn

from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser, JSONParser

DEEPEST = 32


class StrictJSON(JSONParser):
    """JSON as RFC 8259 has it, in UTF-8: no NaN, no key twice, no half characters, no NUL, not nested too deep."""

    def parse(self, stream: Any, media_type: Any = None, parser_context: Mapping[str, Any] | None = None) -> Any:
        try:
            found = json.loads(
                stream.read().decode("utf-8"),
                object_pairs_hook=_object,
                parse_constant=_constant,
                parse_float=_number,
            )
        except RecursionError:
            raise ParseError(_("The JSON is nested too deeply.")) from None
        except UnicodeDecodeError:
            raise ParseError(_("The body is not UTF-8.")) from None
        except json.JSONDecodeError as error:
            said = _("This is not JSON: there is a mistake in line {line}, column {column}.")
            raise ParseError(said.format(line=error.lineno, column=error.colno)) from None
        except ValueError:
            raise ParseError(_("A number in the JSON is too long.")) from None
        _inspect(found)
        return found


class Csv(BaseParser):
    """A CSV file as the whole body, as bytes: what they mean is found out by reading them."""

    media_type = "text/csv"

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        return bytes(stream.read())


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise ParseError(_("The JSON has the key “{name}” twice in one object.").format(name=_shown(name)))
        found[name] = value
    return found


def _constant(name: str) -> NoReturn:
    raise ParseError(_("{name} is not a JSON number.").format(name=name))


def _number(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ParseError(_("A number in the JSON is too large."))
    return number


def _inspect(found: Any) -> None:
    """Without recursion: a body is somebody else's, and may be as deep as it likes."""
    waiting = [(found, 1)]
    while waiting:
        value, depth = waiting.pop()
        if isinstance(value, str):
            _inspect_text(value)
        elif isinstance(value, dict | list):
            if depth > DEEPEST:
                raise ParseError(_("The JSON is nested too deeply."))
            inner = [*value, *value.values()] if isinstance(value, dict) else value
            waiting.extend((one, depth + 1) for one in inner)


def _inspect_text(text: str) -> None:
    if "\0" in text:
        raise ParseError(_("The JSON holds the character NUL, which no text has."))
    if any("\ud800" <= sign <= "\udfff" for sign in text):
        raise ParseError(_("The JSON holds half of a character (a broken emoji, perhaps)."))


def _shown(name: str) -> str:
    return name[:60].encode("utf-8", "replace").decode()
