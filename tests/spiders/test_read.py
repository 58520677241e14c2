"""`python -m spiders.read`: saved pages and feeds, of sites that may not be crawled."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from crawl_process import ROOT
from faulty_sites import FEED, review_page

PAGE = review_page("Zdeňka", text="Spona praskla.")
MHTML = "\r\n".join(
    [
        "From: <Saved by a browser>",
        "Snapshot-Content-Location: https://shop.example/belt",
        "MIME-Version: 1.0",
        'Content-Type: multipart/related; type="text/html"; boundary="b"',
        "",
        "--b",
        'Content-Type: text/html; charset="utf-8"',
        "Content-Transfer-Encoding: 8bit",
        "",
        PAGE,
        "--b--",
        "",
    ]
)


def read(file: Path, *more: str) -> list[dict[str, Any]]:
    command = [sys.executable, "-m", "spiders.read", str(file), "--source", "saved", *more]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.mark.parametrize(
    ("content", "author", "title"),
    [
        (PAGE.encode(), "Zdeňka", None),
        (FEED.encode(), None, "Kettle leaks"),
        (gzip.compress(PAGE.encode()), "Zdeňka", None),
        (FEED.encode("utf-16"), None, "Kettle leaks"),
        (("\ufeff\n" + FEED).encode(), None, "Kettle leaks"),
        (MHTML.encode(), "Zdeňka", None),
    ],
    ids=["page", "feed", "page.gz", "utf-16 feed", "feed after a blank line", "mhtml"],
)
def test_saved_file_is_recognised(
    tmp_path: Path, content: bytes, author: str | None, title: str | None
) -> None:
    file = tmp_path / "saved"
    file.write_bytes(content)
    (line,) = read(file)
    assert (line["type"], line["source"]) == ("item", "saved")
    assert (line["author"], line["title"]) == (author, title)


def test_address_and_language_are_taken_from_the_caller(tmp_path: Path) -> None:
    file = tmp_path / "page.html"
    file.write_text(PAGE, "utf-8")
    (line,) = read(file, "--url", "https://shop.example/belt", "--language", "cs")
    assert (line["url"], line["language"]) == ("https://shop.example/belt", "cs")


def test_page_without_reviews_says_so(tmp_path: Path) -> None:
    file = tmp_path / "page.html"
    file.write_text("<html><p>Nothing here</p></html>", "utf-8")
    (line,) = read(file)
    assert (line["type"], line["cause"]) == (
        "reject",
        "no review marked up with schema.org found",
    )


def test_half_an_emoji_and_odd_line_breaks_keep_their_line(tmp_path: Path) -> None:
    file = tmp_path / "page.html"
    file.write_text(review_page("A", text="cut \\ud83d here\u2028and \u0085 there"), "utf-8")
    (line,) = read(file)
    assert line["text"] == "cut ? here\u2028and \u0085 there"


def test_missing_file_is_one_line(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "spiders.read", str(tmp_path / "no"), "--source", "s"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert "No such file" in done.stderr


def test_reading_a_page_does_not_load_the_crawler() -> None:
    program = (
        "import sys; from spiders.read import read; read(sys.argv[1].encode(), 'auto', 's');"
        "print([m for m in ('scrapy', 'twisted', 'extruct', 'rdflib') if m in sys.modules])"
    )
    command = [sys.executable, "-c", program, PAGE]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
