"""LinkedIn's "little" text format: what it reserves is escaped, hashtags and mentions are written out.

After https://learn.microsoft.com/en-us/linkedin/marketing/community-management/shares/little-text-format, seen in
excerpts on 21 November 2026. What is not escaped ends the text on LinkedIn without a word.
"""

import re

_RESERVED = re.compile(r"[|{}@\[\]()<>#\\*_~]")
_MENTION = r"@\[(?P<name>[^\]\n]{1,200})\]\((?P<urn>urn:li:(?:person|organization):[A-Za-z0-9_-]{1,60})\)"
_HASHTAG = r"(?<![\w&/#])[#＃](?P<tag>\w*[^\W\d_]\w*)"
_LINK = r"(?P<link>https?://\S+)"
_SPECIAL = re.compile(f"{_LINK}|{_MENTION}|{_HASHTAG}")
_WRITTEN = re.compile(
    r"\{hashtag\|\\?[#＃]\|(?P<tag>[^}]*)\}|@\[(?P<name>[^\]]*)\]\((?P<urn>[^)]*)\)|\\(?P<sign>.)", re.DOTALL
)


def little(text: str) -> str:
    """The text as LinkedIn takes it. “@[Name](urn:li:organization:1)” is a mention."""
    written, behind = [], 0
    for found in _SPECIAL.finditer(text):
        written += [_escaped(text[behind : found.start()]), _element(found)]
        behind = found.end()
    return "".join([*written, _escaped(text[behind:])])


def plain(written: str) -> str:
    """What a reader sees of a text in the little format."""
    return _WRITTEN.sub(_shown, written)


def _element(found: re.Match[str]) -> str:
    if found["link"] is not None:
        return _escaped(found["link"])
    if found["tag"] is not None:
        return f"{{hashtag|\\{found[0][0]}|{_escaped(found['tag'])}}}"
    return f"@[{_escaped(found['name'])}]({found['urn']})"


def _escaped(text: str) -> str:
    return _RESERVED.sub(r"\\\g<0>", text)


def _shown(found: re.Match[str]) -> str:
    if found["sign"] is not None:
        return found["sign"]
    if found["tag"] is not None:
        sign = "＃" if "＃" in found[0][:12] else "#"
        return sign + plain(found["tag"])
    return f"@[{plain(found['name'])}]({found['urn']})"
