"""Which story a news search tells: the same title in the same paper on the same day is one."""

from __future__ import annotations

from hashlib import blake2b


def story_id(title: str, publisher: str, day: str) -> str:
    """32 hex characters: the same for a story found again under another address.

    News searches give links that lead through themselves and change; the day keeps a weekly
    column ("What we read") from being one story for ever.
    """
    parts = (_folded(title), _folded(publisher), day)
    return blake2b("\x1f".join(parts).encode("utf-8", "replace"), digest_size=16).hexdigest()


def _folded(written: str) -> str:
    """Letters and digits only: searches set blanks and quotes each in its own way."""
    return "".join(char for char in written.casefold() if char.isalnum())
