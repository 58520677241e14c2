"""Kinds for what people write to each other: networks, forums, channels."""

from __future__ import annotations

from monitor.kinds.model import Kind, Option, SecretNeed

_DEPTH = "read so many pages of older posts on every visit; {usual} if not said"
_PAGES = Option("stop after this many requests; 50 if not said", "number")
_DAYS = Option("read back this many days, 30 if not said; a back-fill reads everything", "number")

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
    Kind(
        name="youtube",
        what="YouTube: comments to a video or a channel, or to the videos that words find",
        needs="the address of a video, a channel, or a search (.../results?search_query=WORDS)",
        gives="text, author, times, edits, likes, replies, and the answers of the channel's owner;"
        " for a search also the videos' titles and descriptions",
        example_url="https://www.youtube.com/@zelvano",
        secrets={
            "key": SecretNeed(
                "an API key: console.cloud.google.com, a project with YouTube Data API v3 switched"
                " on, Credentials, Create credentials; restrict it to this API"
            )
        },
        options={
            "comments_with": Option("only comments with these words; YouTube looks for them"),
            "max_units": Option(
                "so much of the API's quota may a visit use, 1000 if not said; a search costs 100,"
                " any other request 1, and a project has 10,000 a day",
                "number",
            ),
            "days": _DAYS,
            "max_pages": _PAGES,
        },
        terms="YouTube's API terms ask that what is stored is refreshed or deleted after thirty"
        " days, and that a comment is shown with a link to it.",
    ),
    Kind(
        name="vk",
        what="VK: the wall of a community or a person, a post's comments, or a search in posts",
        needs="the address of a wall (vk.com/NAME), a post (.../wall-1_2) or a search"
        " (...?q=WORDS)",
        gives="text, author, times, edits, likes, reposts, views, number of comments; comments with"
        " the wall owner's answers",
        example_url="https://vk.com/zelvano",
        secrets={
            "token": SecretNeed(
                "the service token of an application: id.vk.com, for developers, your application,"
                " Access keys"
            )
        },
        options={
            "query": Option("words to search for, in place of the address's"),
            "comments": Option(
                "also the comments to each post, one more request for each, and for each comment"
                " with more than ten answers",
                "flag",
            ),
            "days": _DAYS,
            "max_pages": _PAGES,
        },
        terms="Read VK's terms of the API. A search finds only a part of what was written, closed"
        " walls stay closed, and people may object to what is kept of them.",
    ),
    Kind(
        name="bluesky",
        what="Bluesky: the posts that a search finds, through an account of yours",
        needs="the address of a search (bsky.app/search?q=WORDS) or a hashtag, and an account",
        gives="text, author, time, language, likes, reposts, replies with what they answer",
        example_url="https://bsky.app/search?q=zelvano",
        secrets={
            "identifier": SecretNeed(
                "the account's handle or e-mail address; no secret, and not masked in posts"
            ),
            "password": SecretNeed(
                "an app password, never the account's own: Settings, Privacy and security, App"
                " passwords"
            ),
        },
        options={
            "query": Option("words to search for, in place of the address's"),
            "only_language": Option("two letters: only posts whose authors say it is theirs"),
            "server": Option(
                "the server that the account is on; https://bsky.social if not said", "address"
            ),
            "days": _DAYS,
            "max_pages": _PAGES,
        },
        terms="Posts of authors who want readers with an account only are left out. Bluesky allows"
        " a hundred to three hundred logins a day: keep `every` at half an hour or more.",
    ),
)
