"""`python -m tests.recordings.apps`: app shops and forum searches, as recorded.

A local server gives each recording out under the address at which its service would, page by
page; one crawl process reads them all. The table's rows: recording, INDEX.md's n, items, rejects,
and why they differ.
"""

from __future__ import annotations

import json
import re
import sys
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from tests.recordings.recorded import FOLDER, files, index
from tests.recordings.rows import Row, crawl, print_rows
from tests.recordings.serving import Answering, first_values, serving

FOLDERS = ("appstore", "googleplay", "hackernews", "stackexchange", "steam")
_STEAM_PAGE = 100
_NO_MORE_PLAY = b')]}\'\n\n[["wrb.fr","UsvDTd","[]",null,null,null,"generic"]]'
_LAST_QUESTIONS = "stackexchange/stackexchange_question_page_2.json"

_OTHER_QUESTION = "the answer to another question: refused"
_EMPTIED = "every title and text was emptied when it was anonymised: all are named rejects"
NOTES = {
    "googleplay/permissions__translate.txt": (0, _OTHER_QUESTION),
    "googleplay/synthetic__batch-chunked.txt": (0, _OTHER_QUESTION),
    "stackexchange/stackexchange_question.json": (0, _EMPTIED),
    "stackexchange/stackexchange_question_backoff_page.json": (0, _EMPTIED),
    "stackexchange/stackexchange_question_page.json": (0, _EMPTIED),
    "stackexchange/stackexchange_question_page_2.json": (0, _EMPTIED),
    "stackexchange/stackexchange_question_parse.json": (0, _EMPTIED),
}
"""Items expected where they are not INDEX.md's n, and why."""


def emptied_posts(name: str) -> int:
    """Questions, answers and comments of a Stack Exchange recording and of the page after it."""
    document = json.loads((FOLDER / name).read_bytes())
    questions = document if isinstance(document, list) else document["items"]
    count = sum(1 + len(q.get("answers", [])) + len(q.get("comments", [])) for q in questions)
    has_more = isinstance(document, dict) and document["has_more"]
    return count + (emptied_posts(_LAST_QUESTIONS) if has_more else 0)


@cache
def _numbered() -> dict[str, str]:
    """Recordings by a number under which an app of the shops can be asked for."""
    return {str(700_000 + number): name for number, name in enumerate(files(*FOLDERS))}


def _target(number: str, name: str) -> tuple[str, str, dict[str, Any]]:
    """(kind, address on the server, options) for a recording."""
    folder = name.partition("/")[0]
    match folder:
        case "appstore":
            return "app_store", f"/gb/app/x/id{number}", {"format": "json"}
        case "googleplay":
            return "google_play", f"/store/apps/details?id=recorded.n{number}", {}
        case "steam":
            return "steam", f"/app/{number}/", {}
        case "hackernews":
            return "hacker_news", f"/?query={number}", {}
        case _:
            return "stack_exchange", "/questions", {"site": number}


class _Services(Answering):
    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        query = first_values(parts.query)
        if parts.path == "/robots.txt":
            self.answer(b"")
        elif "/rss/customerreviews/" in parts.path:
            page, app = re.findall(r"page=(\d+)/id=(\d+)", parts.path)[0]
            name = _numbered()[app] if page == "1" else "appstore/empty_page.json"
            self.answer((FOLDER / name).read_bytes())
        elif parts.path.startswith("/IUserReviewsService/"):
            asked = json.loads(query["input_json"])
            self.answer(_steam_page(_numbered()[str(asked["appid"])], asked["cursor"]))
        elif parts.path == "/api/v1/search_by_date":
            self.answer((FOLDER / _numbered()[query["query"]]).read_bytes())
        else:
            name = _numbered()[query["site"]] if query["page"] == "1" else _LAST_QUESTIONS
            self.answer(_questions(name))

    def do_POST(self) -> None:
        call = json.loads(json.loads(self.form()["f.req"])[0][0][1])
        name = _numbered()[call[3][0].removeprefix("recorded.n")]
        is_first = call[2][2][2] is None
        self.answer((FOLDER / name).read_bytes() if is_first else _NO_MORE_PLAY)


def _steam_page(name: str, cursor: str) -> bytes:
    """A page of a recording, whose envelope is a client's and whose reviews are the service's."""
    reviews = list(json.loads((FOLDER / name).read_bytes())["reviews"].values())
    start = 0 if cursor == "*" else int(cursor)
    page = {"reviews": reviews[start : start + _STEAM_PAGE], "cursor": str(start + _STEAM_PAGE)}
    return json.dumps({"response": page}).encode()


def _questions(name: str) -> bytes:
    """A recorded answer; a bare list of questions gets its envelope back."""
    document = json.loads((FOLDER / name).read_bytes())
    if isinstance(document, list):
        document = {"items": document, "has_more": False}
    return json.dumps(document).encode()


def crawl_apps() -> list[Row]:
    """A row for every recording of the five kinds, by the real process."""
    with serving(_Services) as here:
        sources: list[dict[str, Any]] = []
        for number, name in _numbered().items():
            kind, address, options = _target(number, name)
            source = {"name": name, "kind": kind, "url": here + address, "options": options}
            sources.append({**source, "backfill": True})
        left = crawl(sources)
    rows = []
    for one in left:
        expected, note = NOTES.get(one.name, (index().get(one.name), ""))
        rows.append(one.row(expected, note, is_refusal=note == _OTHER_QUESTION))
    return rows


def table_rows() -> list[Row]:
    """The rows of the five kinds for the one table (see overview.py)."""
    return crawl_apps()


if __name__ == "__main__":
    sys.exit(print_rows(table_rows))
