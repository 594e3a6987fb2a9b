"""Regular expressions taken apart, so that many of them can be tried at one place at little cost."""

from collections.abc import Iterator

OPENING = "(?:"
WIDEST = 40


def alternatives(pattern: str) -> list[str]:
    """The branches of a pattern, split at the bars outside all brackets."""
    parts, depth, start, index = [], 0, 0, 0
    while index < len(pattern):
        letter = pattern[index]
        if letter == "\\":
            index += 1
        elif letter in "([":
            depth += 1
        elif letter in ")]":
            depth -= 1
        elif letter == "|" and depth == 0:
            parts.append(pattern[start:index])
            start = index + 1
        index += 1
    return [*parts, pattern[start:]]


def unfolded(pattern: str) -> Iterator[str]:
    """The same pattern as branches of which none begins with a group, as long as they stay few."""
    for part in alternatives(pattern):
        if not part.startswith(OPENING):
            yield part
            continue
        end = _closing(part)
        inner, rest = alternatives(part[len(OPENING) : end]), part[end + 1 :]
        if rest[:1] in ("{", "*", "+") or len(inner) > WIDEST:
            yield part
        elif rest.startswith("?"):
            yield from (start for one in inner for start in unfolded(one + rest[1:]))
            yield from unfolded(rest[1:])
        else:
            yield from (start for one in inner for start in unfolded(one + rest))


def _closing(part: str) -> int:
    depth, index = 0, 0
    while index < len(part):
        if part[index] == "\\":
            index += 1
        elif part[index] == "(":
            depth += 1
        elif part[index] == ")":
            depth -= 1
            if depth == 0:
                return index
        index += 1
    raise ValueError(part)
