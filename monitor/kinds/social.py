"""Kinds for what people write to each other: networks, forums, channels."""

from __future__ import annotations

from monitor.kinds.model import Kind, Option

_DEPTH = "read so many pages of older posts on every visit; {usual} if not said"

KINDS = (
    Kind(
        name="mastodon",
        what="Mastodon: public posts with a tag, or of an account, on one server",
        searches=r"/tags/",
        needs="the address of a tag (/tags/NAME) or an account (/@NAME) on a server that shows it",
        gives="text, author, times, edits, language, likes, boosts, replies with what they answer",
        example_url="https://mastodon.example.com/tags/zelvano",
        options={"max_pages": Option(_DEPTH.format(usual="5 of forty posts"), "number")},
        terms="Authors who opted out of search are left out. Read the server's rules: some forbid "
        "collecting; a server shows only the posts that it knows.",
    ),
    Kind(
        name="discourse",
        what="Discourse forum: everything new, a category, a tag, a topic, or a search",
        searches=r"/search\b",
        needs="the address of the forum or of one of these pages, readable without a login",
        gives="every post with text, author, times, edits, likes, reads, and the post it answers",
        example_url="https://forum.example.com/c/zelvano/5",
        options={
            "max_pages": Option(
                "stop after this many requests (a topic is one for each twenty posts); 50 if not "
                "said",
                "number",
            )
        },
        terms="Read the forum's terms; about sixty requests a minute are allowed without a login.",
    ),
    Kind(
        name="telegram",
        what="Telegram: a public channel, through its web preview",
        searches=r"[?&]q=",
        needs="the channel's address; groups and channels without a preview cannot be read",
        gives="text, times, views, reactions, polls, whose words are forwarded and answered",
        example_url="https://t.me/zelvano",
        options={"max_pages": Option(_DEPTH.format(usual="5 of twenty messages"), "number")},
        terms="The preview is meant for readers, not for bulk: keep `every` at an hour or more, "
        "and read Telegram's terms.",
    ),
    Kind(
        name="reddit",
        what="Reddit: a subreddit, its comments, a thread, or a search, through Atom feeds",
        searches=r"/search\b",
        needs="the page's address, and Reddit's permission: its robots.txt shuts programs out",
        gives="title, text, author, times; no votes",
        example_url="https://www.reddit.com/r/zelvano",
        options={"max_pages": Option(_DEPTH.format(usual="1 of a hundred entries"), "number")},
        terms="Reddit forbids collecting without its approval. Without one expect the state "
        "`blocked`, and leave it at that.",
    ),
)
