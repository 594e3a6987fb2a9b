"""Nostr's spelling of keys and ids (NIP-19): bech32 as in BIP 173, without its limit on length."""

LETTERS = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_GENERATORS = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)


def encode(kind: str, body: bytes) -> str:
    values = _regrouped(body, 8, 5, pad=True)
    check = _polymod([*_spread(kind), *values, 0, 0, 0, 0, 0, 0]) ^ 1
    ending = [check >> 5 * (5 - place) & 31 for place in range(6)]
    return f"{kind}1" + "".join(LETTERS[value] for value in (*values, *ending))


def decode(text: str) -> tuple[str, bytes]:
    """The kind ("npub", "nsec", "note", …) and what it holds. Raises ValueError."""
    kind, mark, rest = text.lower().rpartition("1")
    values = [LETTERS.index(letter) for letter in rest]
    if not (mark and kind) or len(values) < 6 or _polymod([*_spread(kind), *values]) != 1:
        raise ValueError("no bech32")
    return kind, bytes(_regrouped(values[:-6], 5, 8, pad=False))


def first_of(body: bytes) -> bytes:
    """What a nevent or an nprofile is about: its first entry of type 0. Raises ValueError."""
    while len(body) >= 2:
        kind, length = body[0], body[1]
        if kind == 0 and len(body) >= 2 + length:
            return body[2 : 2 + length]
        body = body[2 + length :]
    raise ValueError("nothing of type 0")


def _spread(kind: str) -> list[int]:
    return [*(ord(letter) >> 5 for letter in kind), 0, *(ord(letter) & 31 for letter in kind)]


def _polymod(values: list[int]) -> int:
    check = 1
    for value in values:
        top = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ value
        for place, generator in enumerate(_GENERATORS):
            check ^= generator if top >> place & 1 else 0
    return check


def _regrouped(values: bytes | list[int], size: int, wanted: int, *, pad: bool) -> list[int]:
    """The same bits in groups of another size."""
    held, bits, out = 0, 0, list[int]()
    for value in values:
        held, bits = held << size | value, bits + size
        while bits >= wanted:
            bits -= wanted
            out.append(held >> bits & (1 << wanted) - 1)
        held &= (1 << bits) - 1
    if pad and bits:
        out.append(held << wanted - bits & (1 << wanted) - 1)
    elif not pad and (bits >= size or held):
        raise ValueError("bits left over")
    return out
