"""Why the one table has no row for a recording or a kind, or fewer mentions than items."""

from __future__ import annotations

NOT_READ = {
    "feeds_conformance": "the packed suite is read file by file, below",
    "google_places": "lists of places without reviews",
    "mastodon": "answers of other calls: accounts, instances, no posts",
    "reddit": "the JSON API, which is for approved clients: only refusals and Atom are read",
    "schema_html": "what another tool extracted from the page of the same name",
    "surveys": "no source to crawl: see tests/surveys",
    "telegram": "the bot API, which is no source of ours",
    "youtube": "NewPipe's, of the interface of the site itself, which no spider reads",
}
"""Why recordings of a folder stand in no row."""

NOT_RECORDED = {
    "google_business": "google_places is the interface for everybody's places: read by json_api",
    "import": "files that `monitor import` reads, no spider: see tests/test_imports.py",
    "scrapy": "somebody else's spider: what it reads is up to it",
}
"""More about kinds of source that no row has; of the others there is simply no recording."""

TWICE = {
    "discourse/discourse_topics.json + topics + posts": (24, "two posts come twice: one mention"),
    "feeds/picofeed__rss_0.92.xml": (21, "an entry without id, title and date stands there twice"),
    "feeds/rssparser__itunes-missing-image.rss": (
        130,
        "two entries have one guid: one mention, as the last says",
    ),
    "heureka/product-reviews.xml": (
        3,
        "a changed review stands there in both states: one mention, as the last says",
    ),
}
"""Mentions stored where they are fewer than the items that the spider gave, and why."""
