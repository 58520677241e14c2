"""Sites that want a key of one's own choice, and repeat it wherever a text can go."""

from __future__ import annotations

import json
from pathlib import Path
from typing import ClassVar
from urllib.parse import parse_qs, quote_plus, urlsplit

from faulty_sites import Site

KEY = "3f9c/Ä+b2 d4&e5f6=0718293a4b"
"""With signs that are written otherwise in an address, in JSON and in XML."""


def files_in(folder: Path) -> list[bytes]:
    found = []
    for path in folder.rglob("*"):
        try:
            found.append(path.name.encode() + path.read_bytes())
        except OSError:
            continue  # a folder, or a file that is gone by now
    return found


class Desk(Site):
    """An API that takes its key in a header or in the query; two pages, the second by `next`.

    `/moved` leads to another server, `/carried` does so with the key in the address.
    """

    elsewhere: ClassVar[str] = ""
    folder: ClassVar[Path]
    keys: ClassVar[list[tuple[str, str | None, str | None]]]
    """(path, key in the header, key in the query) of every request."""
    during: ClassVar[list[bytes]]
    """What files held while a request was waiting for its answer."""

    def answer(self) -> None:
        self.during += files_in(self.folder)
        parts, query = urlsplit(self.path), parse_qs(urlsplit(self.path).query)
        sent = self.headers.get("Authorization", "").encode("latin-1").decode("utf-8")
        header, parameter = sent.removeprefix("Bearer ") or None, query.get("key", [None])[0]
        self.keys.append((parts.path, header, parameter))
        key = header or parameter
        if parts.path in ("/moved", "/carried"):
            carried = f"?key={quote_plus(KEY)}" if parts.path == "/carried" else ""
            self.send("", 302, Location=f"{self.elsewhere}/list{carried}")
        elif key != KEY:
            self.send(json.dumps({"error": f"no such key: {key}"}), 401, "application/json")
        else:
            page = int(query.get("page", ["1"])[0])
            link = f"/list?page=2&key={quote_plus(KEY)}" if page == 1 else None
            said = {"id": page, "text": f"Page {page} says {KEY} to you", "who": KEY}
            broken = {"id": 100 + page, "text": "", "who": KEY}
            self.send_json({"found": [said, broken], "next": link})

    def send_json(self, document: object) -> None:
        self.send(json.dumps(document), 200, "application/json", ETag=f'"{quote_plus(KEY)}"')


class Another(Desk):
    """Another server: answers everybody, with a page that leads on."""

    def answer(self) -> None:
        self.keys.append((self.path, self.headers.get("Authorization"), None))
        self.asked.append(str(self.headers))
        self.send_json({"found": [{"id": 9, "text": "From elsewhere"}], "next": "/list?page=2"})
