"""Kinds that read app shops and the forums of people who build and use software."""

from __future__ import annotations

from monitor.kinds.model import Kind, Option

_PAGES = Option("stop after this many requests; 50 if not said", "number")
_DAYS = Option("read back this many days, 30 if not said; a back-fill reads everything", "number")

KINDS = (
    Kind(
        name="app_store",
        what="Customer reviews of an app in Apple's App Store, country by country",
        needs="the address of the app's page, .../id123456789; no account",
        gives="title, text, author, stars, time of writing or of the last edit, country, likes",
        example_url="https://apps.apple.com/cz/app/zelvano/id1234567890",
        options={
            "countries": Option("two-letter countries, `[cz, ru, us]`; else the address's", "list"),
            "format": Option("json has no dates: only when xml fails", choices=("xml", "json")),
            "days": _DAYS,
            "max_pages": _PAGES,
        },
        terms=(
            "Apple publishes the feeds and may empty or close them at any time. Replies of the"
            " developer are not in them."
        ),
    ),
    Kind(
        name="google_play",
        what="Public reviews of an app on Google Play, with the developer's replies",
        needs="the address of the app's page, ...details?id=com.example.app; no account",
        gives="text, author, stars, time, likes, the developer's reply with its time, country",
        example_url="https://play.google.com/store/apps/details?id=cz.zelvano.app&hl=cs&gl=CZ",
        options={
            "languages": Option("languages, `[cs, ru, fa]`; else hl of the address", "list"),
            "countries": Option("two-letter countries; else gl of the address, or us", "list"),
            "days": _DAYS,
            "max_pages": _PAGES,
        },
        terms=(
            "Not a documented service: it may change or refuse any day, and Google's terms forbid"
            " automated reading that robots.txt forbids. For an app of your own there is an"
            " official API."
        ),
    ),
    Kind(
        name="steam",
        what="User reviews of a game or program on Steam, review bombs included",
        needs="the address of its page, .../app/123456/; no account",
        gives="text, thumb up or down, times of writing and edit, language, votes, the reply",
        example_url="https://store.steampowered.com/app/123456/Zelvano/",
        options={
            "languages": Option("languages, `[ru, cs]` or Steam's names; else all", "list"),
            "order": Option("updated finds edits of old reviews", choices=("recent", "updated")),
            "days": _DAYS,
            "max_pages": _PAGES,
        },
        terms="Valve's terms of the Web API apply, among them a limit of 100,000 requests a day.",
    ),
    Kind(
        name="hacker_news",
        what="Stories and comments on Hacker News, found by words, or one discussion",
        searches=r"[?&]q(uery)?=",
        needs="the address of a search, ...?query=WORDS, or of a discussion, .../item?id=123",
        gives="title, text, author, time, points and number of comments, the comment's parent",
        example_url="https://hn.algolia.com/?query=zelvano",
        options={
            "query": Option("words to search for, in place of the address's"),
            "only": Option("one of the two; else both", choices=("story", "comment")),
            "days": _DAYS,
            "max_pages": _PAGES,
        },
        terms="A public search service; the texts belong to their authors: quote with a link.",
    ),
    Kind(
        name="stack_exchange",
        what="Questions on Stack Overflow and its sister sites, with answers if wanted",
        searches=r"/search\b|[?&]q=",
        needs="the address of a site, of tags (.../questions/tagged/zelvano+or+zelvano-api) or of a"
        " search; one of the API works too",
        gives="title, text, author, times of writing and edit, score, views, the answers' question",
        example_url="https://ru.stackoverflow.com/questions/tagged/zelvano",
        options={
            "query": Option("words to search for, in place of the address's"),
            "tags": Option(
                "tags, all of which a question has, joined by `;`, in place of the address's"
            ),
            "site": Option("name of the site in the API, where the address does not tell"),
            "answers": Option("also the answers to each question found", "flag"),
            "key": Option("key of a registered application: 10,000 requests a day, no secret"),
            "days": _DAYS,
            "max_pages": _PAGES,
        },
        terms="Texts are CC BY-SA: name the author and link to the post wherever you show one.",
    ),
)
