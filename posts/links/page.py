"""What a page says of itself: its title, that there is nothing here, that its name is for sale."""

from __future__ import annotations

import html
import re
import unicodedata
from functools import lru_cache
from itertools import pairwise
from urllib.parse import parse_qsl, urlsplit

MUCH = 200  # characters of text from which two pages can be compared
ALIKE = 0.9
_HIDDEN = re.compile(r"<(script|style|noscript|svg|template)\b.*?(?:</\1\s*>|\Z)|<!--.*?(?:-->|\Z)", re.I | re.S)
_TAG = re.compile(r"<[^<>]{0,2000}>")
_TITLE = re.compile(r"<title[^>]{0,200}>(.{0,1000}?)</title", re.I | re.S)
_HEADING = re.compile(r"<h1[^>]{0,500}>(.{0,1000}?)</h1", re.I | re.S)
_WORD = re.compile(r"\w+")
_META = re.compile(r"<meta\s[^<>]{0,2000}>", re.I)
_ATTRIBUTE = re.compile(r"([a-z:-]{1,40})\s*=\s*(?:\"([^\"]{0,1000})\"|'([^']{0,1000})')", re.I)

# What a site says instead of answering 404, folded: small letters without accents.
_NOT_FOUND = re.compile(
    r"^(?:(?:error|erreur|fehler|errore|erro|fout)\s*)?404\b|\b404\s*(?:[-:|–—]\s*)?(?:not found|error)"
    r"|\b(?:page|file|article|product|post|content) (?:was |could |can )?(?:not|n't) (?:be )?(?:found|available)\b"
    r"|\bpage (?:does not|doesn't|no longer) exists?\b|\bno longer (?:available|exists)\b"
    r"|\bnothing (?:was )?found here\b"
    r"|\b(?:page|article|produit|contenu|annonce) (?:introuvable|non trouvee?|inexistante?)\b"
    r"|\b(?:n'existe (?:pas|plus)|n'est plus disponible|n'a pas ete trouvee?)\b"
    r"|\bseite (?:wurde )?nicht (?:gefunden|vorhanden|verfugbar)\b|\b(?:nicht mehr verfugbar|existiert nicht)\b"
    r"|\bpagina (?:no|non|nao) (?:encontrada|trovata)\b|\b(?:no existe|ya no esta disponible|no se ha encontrado)\b"
    r"|\b(?:non esiste|non e piu disponibile|non e stata trovata)\b"
    r"|\b(?:nao existe|nao foi encontrada?|ja nao esta disponivel)\b"
    r"|\b(?:pagina (?:is )?niet gevonden|bestaat niet|niet meer beschikbaar)\b"
)  # fmt: skip
_PARKED = re.compile(
    r"\b(?:this )?domain (?:name )?(?:is |may be )?(?:for sale|parked|available for purchase)\b|\bbuy this domain\b"
    r"|\bparked (?:free|domain)\b|\bdomain (?:has )?expired\b|\bsedoparking\b|\bhugedomains\b|\bdan\.com\b"
    r"|\b(?:ce|le) (?:nom de )?domaine est a vendre\b|\bdiese domain (?:steht zum verkauf|ist zu verkaufen)\b"
    r"|\beste dominio esta en venta\b|\bquesto dominio e in vendita\b|\beste dominio esta a venda\b"
    r"|\bdeze domeinnaam is te koop\b"
)  # fmt: skip
_DOUBTED = re.compile(
    r"\bcaptcha\b|\bare you (?:a )?(?:human|robot)\b|\bjust a moment\b|\bchecking your browser\b|\bcf-challenge\b"
    r"|\bverify (?:that )?you are (?:a )?human\b|\bunusual traffic\b|\bverifions que vous etes\b"
)
_LOGIN = re.compile(
    r"(?:^|/)(?:log-?in|sign-?in|sso|auth|oauth2?|connexion|anmelden|iniciar-sesion|accedi|inloggen)(?:[/.]|$)", re.I
)
_SEARCH = re.compile(r"(?:^|/)(?:search|recherche|suche|buscar|cerca|zoeken|pesquisa)(?:[/.]|$)", re.I)


def title(text: str) -> str:
    found = _TITLE.search(text)
    return " ".join(html.unescape(_TAG.sub("", found[1])).split())[:300] if found else ""


def description(text: str) -> str:
    """In its own words, as it wants to be shown where somebody links to it."""
    for meta in _META.findall(text):
        told = {name.lower(): value or other for name, value, other in _ATTRIBUTE.findall(meta)}
        if (told.get("property") or told.get("name") or "").lower() in ("og:description", "description"):
            return " ".join(html.unescape(told.get("content", "")).split())[:400]
    return ""


def says_not_found(text: str) -> bool:
    """In its title or first heading, or in the little that it says at all."""
    heading = _HEADING.search(text)
    said = [title(text), _plain(heading[1]) if heading else "", _short(text)]
    return any(_NOT_FOUND.search(_folded(part)) for part in said)


def says_parked(text: str) -> bool:
    return bool(_PARKED.search(_folded(f"{title(text)} {_plain(text)[:2000]}")))


def doubts_us(text: str) -> bool:
    """It wants to know whether a person is asking, so it says nothing of the page."""
    return bool(_DOUBTED.search(_folded(f"{title(text)} {_short(text)}")))


def is_deep(url: str) -> bool:
    parts = urlsplit(url)
    return parts.path not in ("", "/") or bool(parts.query)


def is_login(url: str) -> bool:
    return bool(_LOGIN.search(urlsplit(url).path))


def is_search(url: str) -> bool:
    parts = urlsplit(url)
    asked = {name for name, _ in parse_qsl(parts.query)}
    return bool(_SEARCH.search(parts.path)) or (parts.path in ("", "/") and bool(asked & {"s", "q", "search"}))


def titles_differ(one: str, other: str) -> bool:
    """Not one word in three in common; a title of no words tells nothing."""
    mine, theirs = set(_WORD.findall(_folded(one))), set(_WORD.findall(_folded(other)))
    return bool(mine and theirs) and len(mine & theirs) / len(mine | theirs) < 1 / 3


def same_page(one: str, other: str) -> bool:
    """Whether both say the same, where they say enough to tell: the empty shell of a script says nothing."""
    mine, theirs = _pairs(one), _pairs(other)
    if min(len(_plain(one)), len(_plain(other))) < MUCH or not mine or not theirs:
        return False
    return len(mine & theirs) / len(mine | theirs) >= ALIKE


def _pairs(text: str) -> set[tuple[str, str]]:
    words = _WORD.findall(_folded(_plain(text)))
    return set(pairwise(words))


def _short(text: str) -> str:
    plain = _plain(text)
    return plain if len(plain) < 3 * MUCH else ""


@lru_cache(maxsize=16)
def _plain(text: str) -> str:
    return " ".join(html.unescape(_TAG.sub(" ", _HIDDEN.sub(" ", text))).split())


def _folded(text: str) -> str:
    apart = unicodedata.normalize("NFKD", text.replace("’", "'")).casefold()
    return "".join(letter for letter in apart if not unicodedata.combining(letter))
