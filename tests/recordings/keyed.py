"""`python -m tests.recordings.keyed`: services that need the owner's key, as recorded.

A local server gives each recording out as the answer that its service would give to our question;
one crawl process reads them all. The table's rows: recording, INDEX.md's n, items expected (texts
counted in the raw file), items, rejects with their causes.
"""

from __future__ import annotations

import json
import sys
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from tests.recordings.recorded import FOLDER, files, index
from tests.recordings.rows import Row, crawl, print_rows
from tests.recordings.serving import Answering, first_values, serving

SECRETS = {
    "youtube": {"key": "recorded-key"},
    "vk": {"token": "recorded-token"},
    "bluesky": {"identifier": "recorded.test", "password": "recorded-password"},
}
_PAGED = {
    "youtube/dataapi__comment_threads__comment_threads_by_video_paged_1.json",
    "youtube/dataapi__comments__comments_by_parent_paged_1.json",
}
"""Recordings that lead on to the next one, which has a row of its own only beside them."""

_OWN_WORDS = "INDEX.md counts captions and reposts too; expected: entries with words of their own"
"""Said only where its number is that of all such texts in the file: a wrong reason is a fault."""
_NEXT_PAGE = "read together with the page after it"
_OUR_COMMENT = "replies only: the comment above them is ours and has no words"
_NO_NUMBER = "no number in the index: counted in the raw file"


def recordings() -> list[str]:
    """Every recording that one of the three kinds reads; NewPipe's are of another interface."""
    return [name for name in files("youtube", "vk", "bluesky") if "newpipe__" not in name]


@cache
def _numbered() -> dict[str, str]:
    return {str(500_000 + number): name for number, name in enumerate(recordings())}


def document(name: str) -> Any:
    """A recording as JSON; one of them begins with a byte order mark."""
    return json.loads((FOLDER / name).read_bytes().decode("utf-8-sig"))


def texts_in(name: str) -> int:
    """Comments and posts with a text of their own, counted in the raw file (and the page after).

    Counted by walking the file, not by the spiders' code. A quoted post is somebody else's, and
    so is what a repost passes on.
    """
    raw = document(name)
    listed = raw.get("items") or raw.get("response", {}).get("items")
    if "thread" in raw:
        listed = [raw["thread"]["post"]["record"]]
    count = sum(bool(_text_of(entry)) for entry in ([raw] if listed is None else listed))
    if name in _PAGED:
        both = [*raw["items"], *document(_next_page(name))["items"]]
        count = len({entry["id"] for entry in both if _text_of(entry)})
    return count


def _text_of(entry: dict[str, Any]) -> str:
    snippet = entry.get("snippet", {})
    snippet = snippet.get("topLevelComment", {}).get("snippet", snippet)
    captions = [photo.get("text") for photo in entry.get("photos", {}).get("items", [])]
    # Captions of somebody's new photos are no post: the kind reads posts and comments.
    assert entry.get("type") == "wall_photo" or not any(captions)
    return str(snippet.get("textOriginal") or entry.get("text") or "").strip()


def _target(number: str, name: str) -> str:
    """The address on the server under which the kind asks for a recording."""
    if name.startswith("youtube/"):
        return f"/watch?v=video{number}"
    if name.startswith("bluesky/"):
        return f"/search?q={number}"
    method = name.partition("/")[2]
    if "Comment" in method:
        return f"/wall-1_{number}"
    return f"/search?q={number}" if method.startswith("NewsFeed") else f"/id{number}"


class _Services(Answering):
    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        query = first_values(parts.query)
        if parts.path == "/robots.txt":
            self.answer_json({})
        elif parts.path.endswith("searchPosts"):
            self.answer_json({"posts": [document(_numbered()[query["q"]])["thread"]["post"]]})
        elif parts.path.endswith("/comments"):
            number = query["parentId"].removeprefix("top")
            self.answer_json(_replies(_numbered().get(number), query.get("pageToken")))
        else:
            name = _numbered()[query["videoId"].removeprefix("video")]
            self.answer_json(_threads(name, query.get("pageToken")))

    def do_POST(self) -> None:
        form = self.form()
        if self.path.endswith("createSession"):
            self.answer_json({"accessJwt": "recorded-session"})
            return
        number = form.get("q") or form.get("post_id") or form["owner_id"]
        is_first = form.get("offset", "0") == "0" and "start_from" not in form
        self.answer_json(document(_numbered()[number]) if is_first else {"response": {"items": []}})


def _threads(name: str, token: str | None) -> dict[str, Any]:
    """A recorded page of threads; recorded replies get a comment to stand below, without words."""
    if "__comments__" in name:
        number = next(number for number, known in _numbered().items() if known == name)
        top = {"id": f"top{number}", "snippet": {}}
        return {"items": [{"snippet": {"topLevelComment": top, "totalReplyCount": 9}}]}
    raw = document(name if token is None else _next_page(name))
    return raw if "items" in raw else {"items": [raw]}


def _replies(name: str | None, token: str | None) -> dict[str, Any]:
    """Recorded replies; a recorded thread that speaks of some came without them: none."""
    if name is None:
        return {"items": []}
    raw = document(name if token is None else _next_page(name))
    return raw if "items" in raw else {"items": [raw]}


def crawl_keyed() -> list[Row]:
    """A row for every recording of the three kinds, by the real process."""
    with serving(_Services) as here:
        sources: list[dict[str, Any]] = []
        for number, name in _numbered().items():
            kind = name.partition("/")[0]
            secrets = {secret: f"env:{secret.upper()}" for secret in SECRETS[kind]}
            source = {"name": name, "kind": kind, "url": here + _target(number, name)}
            sources.append({**source, "backfill": True, "secrets": secrets})
        values = {source["name"]: SECRETS[source["kind"]] for source in sources}
        left = crawl(sources, values)
    return [
        one.row(texts_in(one.name), note_on(one.name), files=files_of(one.name)) for one in left
    ]


def files_of(name: str) -> list[str]:
    """The recordings that are read where one of them is asked for."""
    return [name, _next_page(name)] if name in _PAGED else [name]


def _next_page(name: str) -> str:
    return name.replace("_1.json", "_2.json")


def note_on(name: str) -> str:
    """Why a recording gives something else than INDEX.md's n; empty where it does not."""
    notes = []
    if "__comments__" in name:
        notes.append(_OUR_COMMENT)
    if name in _PAGED:
        notes.append(_NEXT_PAGE)
    elif name not in index():
        notes.append(_NO_NUMBER)
    elif texts_in(name) != index()[name] and _dated_texts(document(name)) == index()[name]:
        notes.append(_OWN_WORDS)
    return "; ".join(notes)


def _dated_texts(value: Any) -> int:
    """Objects with a text, empty or not, and a date, at any depth: what INDEX.md counts for VK."""
    if isinstance(value, list):
        return sum(map(_dated_texts, value))
    if not isinstance(value, dict):
        return 0
    return int({"text", "date"} <= value.keys()) + sum(map(_dated_texts, value.values()))


def table_rows() -> list[Row]:
    """The rows of YouTube, VK and Bluesky for the one table (see overview.py)."""
    return crawl_keyed()


if __name__ == "__main__":
    sys.exit(print_rows(table_rows))
