"""Points for and against, as shops' review forms ask for them, made into lines of a text."""

from __future__ import annotations

import re
from collections.abc import Iterable

_BULLET = re.compile(r"^[-+*•–]+\s*(?=\D)")


def with_points(said: str | None, good: Iterable[str], bad: Iterable[str]) -> str:
    """What was written, then `+ point` and `- point`, a line each, without what is empty."""
    lines = [said or ""]
    for sign, points in (("+", good), ("-", bad)):
        # Many put a sign of their own before each point.
        bare = [_BULLET.sub("", point.strip()) for point in points]
        lines += [f"{sign} {point}" for point in bare if point]
    return "\n".join(line.strip() for line in lines if line.strip())
