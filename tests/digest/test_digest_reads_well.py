"""The rendered digest: direction, figures, hostile text, size, pictures and the plain text."""

from __future__ import annotations

import re
import struct
from dataclasses import replace
from datetime import timedelta
from html.parser import HTMLParser

import pytest
from planted_store import NOW, OWN, WEEK, Planted, stars

from monitor.digest.build import build
from monitor.digest.render import Rendered, detach, render, reopened
from monitor.digest.words import Words
from monitor.records import LANGUAGES

PNG = b"\x89PNG\r\n\x1a\n"
_VOID = {"meta", "img", "br", "link", "input", "hr"}


class Page(HTMLParser):
    """Reads a page: its texts, tags with attributes, and whether all tags are closed in order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self._open: list[str] = []
        self.feed(html)
        assert not self._open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in _VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if not self._open or self._open[-1] != "style":
            self.text += data

    def attributes(self, tag: str, name: str) -> list[str | None]:
        return [attrs.get(name) for one, attrs in self.tags if one == tag]


def rendered(planted: Planted, language: str = "en", **how: object) -> Rendered:
    return render(build(planted.store, OWN, WEEK, language, NOW), **how)  # type: ignore[arg-type]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_full_digest_reads_in_every_language(full: Planted, language: str) -> None:
    made = rendered(full, language)
    say = Words(language, "Europe/Prague")
    page = Page(made.html)
    html = page.tags[0]
    assert html[1]["lang"] == language
    assert html[1]["dir"] == ("rtl" if language == "fa" else "ltr")
    title = say("title_fell", before=50.0, now=100 * (16 - 44) / 66)
    for text in (made.text.replace("\n", " "), page.text):
        assert title in text
        assert say("word_worse") in text
        assert say("complaints") in text
    assert title in made.subject
    assert len(made.html.encode()) < 100_000


def test_persian_digits_and_dates_in_a_persian_digest(full: Planted) -> None:
    page = Page(rendered(full, "fa").html)
    shown = re.sub(r"p &lt; 0.05|https?://\S+", "", page.text)
    assert "۲۵ آبان تا ۱ آذر ۱۴۰۵" in shown
    assert "\u200e−۴۲" in shown
    assert not re.search(r"[0-9]", re.sub(r"Review number \d+", "", shown))


def test_a_quote_keeps_its_own_direction_and_language(full: Planted) -> None:
    full.say("negative", "The courier never came, the phone rang for an hour. " * 3, language="en")
    full.say(
        "negative", "پیک هرگز نیامد و تلفن یک ساعت زنگ خورد و کسی پاسخ نداد. " * 3, language="fa"
    )
    page = Page(rendered(full, "en").html)
    texts = [
        attrs for tag, attrs in page.tags if (attrs.get("class") or "").startswith("quote-text")
    ]
    assert {(attrs["dir"], attrs["lang"]) for attrs in texts} >= {("rtl", "fa"), ("ltr", "en")}


def test_hostile_text_is_shown_and_never_run(planted: Planted) -> None:
    planted.all_ran()
    evil = '<script>alert("x")</script><img src=x onerror=alert(1)>'
    override = "\u202etxet desrever\u202c \u2066isolate"
    planted.say(
        "negative",
        f"{evil} {override} " + "long enough to be chosen",
        title=evil,
        url="javascript:alert(1)",
        location=evil,
        rating=stars(1),
    )
    planted.say("positive", f"{evil} and all was well", url='https://x.example/"><script>')
    planted.alert(evil, evil)
    made = rendered(planted)
    page = Page(made.html)
    assert not {"script", "iframe", "object"} & {tag for tag, _ in page.tags}
    assert [name for _, attrs in page.tags for name in attrs if name.startswith("on")] == []
    assert all(str(link).startswith("https://") for link in page.attributes("a", "href"))
    assert all(str(src).startswith("cid:") for src in page.attributes("img", "src"))
    assert '<script>alert("x")</script>' in page.text
    for text in (made.text, page.text, made.subject):
        assert not re.search("[\u202a-\u202e\u2066\u2067]", text)


def test_zalgo_is_tamed(planted: Planted) -> None:
    planted.say("negative", "Z" + "\u0335" * 60 + "algo comes, and the parcel does not")
    assert "\u0335" * 4 not in rendered(planted).html


def test_without_pictures_the_chart_is_told_in_words(full: Planted) -> None:
    page = Page(rendered(full).html)
    alts = page.attributes("img", "alt")
    assert alts[0] is not None
    assert "now −42; lowest −42 (16\u00a0Nov), highest +50" in alts[0]
    # The picture for dark readers is the same one: its words are not read out twice.
    assert alts[1:] == [""]


def test_pictures_come_inside_and_for_both_kinds_of_reader(full: Planted) -> None:
    made = rendered(full)
    sources = Page(made.html).attributes("img", "src")
    assert sources == [f"cid:{name}" for name in made.images]
    assert len(made.images) == 2
    for png in made.images.values():
        assert png.startswith(PNG)
        assert len(png) < 80_000
        width, height = struct.unpack(">II", png[16:24])
        assert 900 < width < 1200 and 400 < height < 800
    assert "prefers-color-scheme: dark" in made.html


def test_a_standalone_page_holds_its_pictures_and_can_be_mailed_later(full: Planted) -> None:
    page = rendered(full, charts="data")
    assert page.images == {}
    assert "cid:" not in page.html
    html, images = detach(page.html)
    assert [png[:8] for png in images.values()] == [PNG, PNG]
    assert Page(html).attributes("img", "src") == [f"cid:{name}" for name in images]
    assert reopened(page.subject, page.html, page.text).images == images


def test_the_longest_digest_stays_under_the_limit_of_mail_readers(full: Planted) -> None:
    digest = build(full.store, OWN, WEEK, "ru", NOW)
    quote = replace(
        digest.complaints[0], text="ж" * 280, title="ш" * 90, url="https://e.x/" + "u" * 1500
    )
    row = digest.languages[0]
    huge = replace(
        digest,
        complaints=(quote,) * 5,
        praise=(quote,) * 3,
        languages=(row,) * 40,
        sources=tuple(replace(row, name=f"source-{i}" * 6) for i in range(60)),
        brands=(row,) * 30,
    )
    made = render(huge)
    assert len(made.html.encode()) < 100_000
    assert Words("ru", "UTC")("rows_more", n=52) in Page(made.html).text


def test_plain_text_fits_a_narrow_window_and_quotes_as_mail_does(full: Planted) -> None:
    text = rendered(full).text
    assert max(len(line) for line in text.splitlines() if "https://" not in line) <= 80
    assert "\n> " in text
    assert "<" not in re.sub(r"p < 0\.05|p <\s", "", text)
    assert "\n\n\n" not in text


def test_an_empty_week_is_a_short_true_mail(planted: Planted) -> None:
    for source in ("zelvano-shop", "zelvano-app", "zelvano-forum"):
        planted.run(source, "blocked")
    for language in LANGUAGES:
        made = rendered(planted, language)
        say = Words(language, "Europe/Prague")
        text = Page(made.html).text
        assert say("title_all_blind", n=3) in text
        assert say("cause_blocked") in text
        assert "nan" not in text.replace("Zelvano", "")
        assert say("word_better") not in text.split(say("notes"))[0]


def test_unscored_and_unusable_items_are_counted_in_the_notes(planted: Planted) -> None:
    planted.all_ran()
    planted.many(4, 4, 12)
    planted.say(None)
    planted.store.conn.execute(
        "INSERT INTO rejects (source, cause, place, first_seen_at, last_seen_at)"
        " VALUES ('zelvano-app', 'bad date', 'row 3', ?1, ?1)",
        ("2026-11-18T10:00:00Z",),
    )
    text = rendered(planted).text
    assert "1 mention of this week is not scored." in text
    assert "1 item could not be used" in text


def test_answered_complaints_are_not_called_worth_answering(planted: Planted) -> None:
    planted.all_ran()
    planted.say("negative", "The box was torn and two cups were broken.", reply_text="Sorry!")
    text = rendered(planted).text
    assert "What people complained about" in text
    assert "Worth answering" not in text
    assert "Nothing needs doing." in text
    planted.say("negative", "And the second parcel never came at all.")
    assert "Worth answering" in rendered(planted).text


def test_the_dashboard_is_linked_only_where_there_is_one(full: Planted) -> None:
    assert "https://monitor.example/" in rendered(full, base_url="https://monitor.example/").html
    assert "Open the dashboard" not in rendered(full).html


def test_a_digest_of_a_running_week_warns(planted: Planted) -> None:
    planted.all_ran()
    planted.many(4, 4, 12)
    made = render(build(planted.store, OWN, WEEK, "en", NOW - timedelta(days=3)))
    assert (
        "The week is not over: these are the figures up to Friday 20\u00a0Nov, 07:30."
        in Page(made.html).text
    )
