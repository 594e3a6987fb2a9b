"""The fixes of the composer: each changes what stands in the form, and nothing that is saved."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from urllib.parse import parse_qsl
from zoneinfo import ZoneInfo

from django.http import QueryDict

from posts.content import clean
from posts.taking_along import part_names
from scheduler.fixes import trimmed


def amended(data: QueryDict, fix: str, zone: ZoneInfo) -> QueryDict:
    """The form's values with one fix done; a fix that cannot be read changes nothing."""
    verb, _, values = fix.partition("?")
    changed = data.copy()
    try:
        _FIXES[verb](changed, dict(parse_qsl(values, keep_blank_values=True)), zone)
    except (KeyError, ValueError, OverflowError):
        return data
    return changed


def _set_rule(data: QueryDict, values: Mapping[str, str], zone: ZoneInfo) -> None:
    data["repeat"] = "on"
    for name in ("interval", "unit", "max_repeats", "end_date"):
        data[name] = values[name]


def _end_on(data: QueryDict, values: Mapping[str, str], zone: ZoneInfo) -> None:
    data["end_date"] = values["day"]


def _no_repeat(data: QueryDict, values: Mapping[str, str], zone: ZoneInfo) -> None:
    data.pop("repeat", None)


def _move(data: QueryDict, values: Mapping[str, str], zone: ZoneInfo) -> None:
    data["when"], data["at_text"] = "at", ""
    data["at_picker"] = _picked(datetime.fromisoformat(values["to"]), zone)


def _extend(data: QueryDict, values: Mapping[str, str], zone: ZoneInfo) -> None:
    before = datetime.fromisoformat(str(data["expires"]))
    data["expires"] = (before + timedelta(days=int(values["by_days"]))).strftime("%Y-%m-%dT%H:%M")


def _trim(data: QueryDict, values: Mapping[str, str], zone: ZoneInfo) -> None:
    turn, version = int(values["turn"]), f"version_{values['network']}"
    if turn:
        name = f"wording_{turn}"
    elif version in data:
        name = version
    else:
        name = "text"
    whole = clean(str(data.get(name, ""))) or clean(str(data["text"]))
    data[name] = trimmed(whole, int(values["to"]))


def _drop_channel(data: QueryDict, values: Mapping[str, str], zone: ZoneInfo) -> None:
    data.setlist("channels", [pk for pk in data.getlist("channels") if pk != values["channel"]])


def _join_parts(data: QueryDict, values: Mapping[str, str], zone: ZoneInfo) -> None:
    """On this network one post says it all; on the others the thread stays."""
    network = values["network"]
    parts = (clean(str(data.get(name, ""))) for name in part_names(data))
    first = clean(str(data.get(f"version_{network}", ""))) or clean(str(data["text"]))
    data[f"version_{network}"] = "\n\n".join([first, *filter(None, parts)])
    data[f"own_rest_{network}"] = "on"


def _add_part(data: QueryDict, values: Mapping[str, str], zone: ZoneInfo) -> None:
    data[f"part_{len(part_names(data)) + 1}"] = ""


def _part_out(data: QueryDict, values: Mapping[str, str], zone: ZoneInfo) -> None:
    """The ones behind it move up."""
    names, gone = part_names(data), int(values["number"])
    kept = [str(data[name]) for number, name in enumerate(names, 1) if number != gone]
    for name in names:
        del data[name]
    for number, text in enumerate(kept, 1):
        data[f"part_{number}"] = text


def _file(data: QueryDict, values: Mapping[str, str], zone: ZoneInfo) -> None:
    """One place up or down, or out."""
    field, pk, step = values["field"], values["id"], values["step"]
    order = data.getlist(field)
    place = order.index(pk)
    order.pop(place)
    if step != "out":
        order.insert(max(0, place + (1 if step == "down" else -1)), pk)
    data.setlist(field, order)


def _file_in(data: QueryDict, values: Mapping[str, str], zone: ZoneInfo) -> None:
    if values["id"] not in data.getlist(values["field"]):
        data.appendlist(values["field"], values["id"])


def _picked(when: datetime, zone: ZoneInfo) -> str:
    """As a native picker writes it; a minute that has begun is over."""
    local = when.astimezone(zone)
    if local.second or local.microsecond:
        local += timedelta(minutes=1)
    return local.strftime("%Y-%m-%dT%H:%M")


_FIXES: dict[str, Callable[[QueryDict, Mapping[str, str], ZoneInfo], None]] = {
    "set_rule": _set_rule,
    "end_on": _end_on,
    "no_repeat": _no_repeat,
    "move": _move,
    "extend": _extend,
    "trim": _trim,
    "drop_channel": _drop_channel,
    "join_parts": _join_parts,
    "add_part": _add_part,
    "part_out": _part_out,
    "file": _file,
    "file_in": _file_in,
}
