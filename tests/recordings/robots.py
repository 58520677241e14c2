"""`python -m tests.recordings.robots`: recorded robots.txt files, and whether a crawl obeys them.

Each file is served as the robots.txt of a server of its own. The real crawl process asks there for
an address that the file forbids to everybody and for one that it allows. Which ones these are is
found out here by a few lines of our own, not by the parser that the crawl uses.
"""

from __future__ import annotations

import re
import sys
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

from tests.recordings.recorded import FOLDER, files
from tests.recordings.rows import crawl
from tests.recordings.serving import Answering, serving

FORBIDDEN = "robots.txt forbids this address"
_UNNAMED = "/zz-page-that-no-rule-names-7c1"
_FEED = b"""<rss version="2.0"><channel><title>Site</title>
<item><guid>g-1</guid><title>Kettle leaks</title></item></channel></rss>"""


@dataclass(frozen=True)
class RobotsRow:
    """What a file says to everybody, and what the crawl made of it.

    A path is None where the file forbids nothing, or everything.
    """

    name: str
    forbidden: str | None
    allowed: str | None
    asked: tuple[str, ...]
    forbidden_stats: dict[str, Any] | None
    allowed_stats: dict[str, Any] | None

    @property
    def fault(self) -> str | None:
        """What is wrong; None when the file was obeyed."""
        if self.forbidden is not None and self.forbidden in self.asked:
            return f"{self.forbidden} was asked for"
        if self.forbidden_stats and self.forbidden_stats["blocked"] != FORBIDDEN:
            return f"{self.forbidden} is not named as forbidden: {self.forbidden_stats['blocked']}"
        if self.allowed_stats and self.allowed_stats["items"] != 1:
            return f"{self.allowed} gave nothing: {self.allowed_stats['first_error']}"
        return None


def rules_for_all(body: bytes) -> list[tuple[bool, str]]:
    """(allowed, path pattern) of every rule in the groups of `User-agent: *`."""
    is_wide = body[:2] in (b"\xff\xfe", b"\xfe\xff")
    text = body.decode("utf-16" if is_wide else "utf-8-sig", "replace")
    rules: list[tuple[bool, str]] = []
    is_ours = is_in_rules = False
    for line in re.split(r"[\r\n]+", text):
        field, colon, value = line.partition("#")[0].partition(":")
        field, value = field.strip().lower(), value.strip()
        if not colon:
            continue
        if field == "user-agent":
            is_ours = value == "*" or (is_ours and not is_in_rules)
            is_in_rules = False
        elif field in ("allow", "disallow"):
            is_in_rules = True
            if is_ours and value.startswith(("/", "*")):
                rules.append((field == "allow", value))
    return rules


def _fits(path: str, pattern: str) -> bool:
    body = pattern.removesuffix("$")
    expression = ".*".join(re.escape(part) for part in body.split("*"))
    return bool(re.match(expression + ("$" if pattern.endswith("$") else ""), path))


def chosen_paths(body: bytes) -> tuple[str | None, str | None]:
    """(a path that is forbidden to all, one that is allowed to all), each None if there is none.

    Only plain paths of letters, and none that a rule of the other sort as long fits too: the
    longest rule wins (RFC 9309).
    """
    rules = rules_for_all(body)
    plain = [rule for rule in rules if re.fullmatch(r"/[\w./-]*", rule[1], re.ASCII)]

    def only(is_allowed: bool, paths: list[tuple[str, str]]) -> str | None:
        others = [pattern for allowed, pattern in rules if allowed is not is_allowed]
        for path, rule in paths:
            if not any(_fits(path, other) and len(other) >= len(rule) for other in others):
                return path
        return None

    forbidden = [
        (path if path != "/" else _UNNAMED, path) for allowed, path in plain if not allowed
    ]
    allowed = [(path, path) for allowed, path in plain if allowed and path != "/"]
    return only(False, forbidden), only(True, [(_UNNAMED, ""), *allowed])


class _Site(Answering):
    robots: bytes
    asked: list[str]

    def do_GET(self) -> None:
        if self.path == "/robots.txt":
            self.answer(self.robots, "text/plain")
            return
        self.asked.append(self.path)
        self.answer(_FEED, "text/xml")


def crawl_robots() -> list[RobotsRow]:
    """A row for every recorded robots.txt, by one real crawl process."""
    sources: list[dict[str, str]] = []
    met: list[tuple[str, str | None, str | None, list[str]]] = []
    with ExitStack() as stack:
        for number, file in enumerate(files("robots")):
            robots = (FOLDER / file).read_bytes()
            asked: list[str] = []
            here = stack.enter_context(serving(_Site, robots=robots, asked=asked))
            forbidden, allowed = chosen_paths(robots)
            met.append((file, forbidden, allowed, asked))
            for sort, path in (("forbidden", forbidden), ("allowed", allowed)):
                if path is not None:
                    sources.append({"name": f"{number}-{sort}", "kind": "feed", "url": here + path})
        stats = {one.name: one.stats for one in crawl(sources)}
    return [
        RobotsRow(
            file,
            forbidden,
            allowed,
            tuple(asked),
            stats.get(f"{n}-forbidden"),
            stats.get(f"{n}-allowed"),
        )
        for n, (file, forbidden, allowed, asked) in enumerate(met)
    ]


def print_robots(rows: list[RobotsRow]) -> None:
    """The table: file, the two paths, and whether both were treated as the file says."""
    print(f"{'robots.txt':<34} {'forbidden, not asked for':<44} {'allowed, read':<36} note")
    for row in rows:
        name = row.name.removeprefix("robots/hosts/")
        forbidden, allowed = row.forbidden or "(nothing)", row.allowed or "(nothing)"
        print(f"{name:<34} {forbidden[:44]:<44} {allowed[:36]:<36} {row.fault or 'obeyed'}")


def main() -> int:
    """Prints the table; exit code 1 when a file was not obeyed, 2 without recordings."""
    if not FOLDER.exists():
        print(f"no recordings: {FOLDER.name} is not beside the checkout", file=sys.stderr)
        return 2
    rows = crawl_robots()
    print_robots(rows)
    return 1 if any(row.fault for row in rows) else 0


if __name__ == "__main__":
    sys.exit(main())
