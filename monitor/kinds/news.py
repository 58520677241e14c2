"""Kinds that search the news: headlines, not articles."""

from __future__ import annotations

from monitor.kinds.model import Kind, Option

KINDS = (
    Kind(
        name="google_news",
        what="Google News: the headlines that a search finds, through its feed",
        searches=r".",
        needs="the address of a search as the browser shows it, with language and country",
        gives="title, paper, time, a link through Google; each story once a paper and day",
        example_url="https://news.google.com/search?q=zelvano&hl=cs&gl=CZ&ceid=CZ:cs",
        terms="Google's robots.txt may forbid its feeds to programs: the state is `blocked` then. "
        "The feeds are for personal use by its terms.",
    ),
    Kind(
        name="gdelt",
        what="GDELT: the headlines that a search of the world's online news finds",
        searches=r".",
        needs="the address of a doc API query; quotes, sourcelang: and sourcecountry: work",
        gives="title, paper, address, language, when it was first seen; not older than 3 months",
        example_url="https://api.gdeltproject.org/api/v2/doc/doc?query=zelvano",
        options={"days": Option("how many days back to search; 7 if not said", "number")},
        terms="Free to use with a link to GDELT; one request in five seconds, which is kept to.",
    ),
)
