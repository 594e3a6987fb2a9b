"""What a log may say of an exception: its kind and where it was raised, for its words may hold a secret."""

from __future__ import annotations

import traceback


def where(error: BaseException) -> str:
    frames = traceback.extract_tb(error.__traceback__)[-4:]
    places = " < ".join(f"{frame.name} ({frame.filename.rsplit('/', 1)[-1]}:{frame.lineno})" for frame in frames[::-1])
    return f"{type(error).__name__} in {places}"
