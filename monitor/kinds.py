"""Every kind of source and of alert channel: what it needs, what it gives, where secrets are got.

A new kind is one entry here (and, for a source, its spider). The configuration checks sources
against it, `monitor kinds` prints it, docs/config.md lists it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

_NO_OPTIONS: Mapping[str, Option] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Option:
    """One key under a source's `options`: what it is for and what may stand there."""

    help: str
    value: Literal["text", "number", "flag", "list", "address", "pattern"] = "text"
    choices: tuple[str, ...] = ()
    """The only texts that may stand there; empty: any."""

    def __str__(self) -> str:
        return self.help


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of source or channel, as a user chooses it."""

    name: str
    what: str
    needs: str
    gives: str
    example_url: str | None
    """The shape of its address; None: it has none."""
    secrets: str = ""
    """Which secrets it needs and where to get them; empty: none."""
    options: Mapping[str, Option] = field(default_factory=lambda: _NO_OPTIONS)
    terms: str = ""
    """What the user must see to before switching it on."""

    @property
    def takes_url(self) -> bool:
        return self.example_url is not None


def _by_name(*kinds: Kind) -> Mapping[str, Kind]:
    return MappingProxyType({kind.name: kind for kind in kinds})


SOURCE_KINDS = _by_name(
    Kind(
        name="reviews_page",
        what="Reviews in the markup of a web page (schema.org Review, JSON-LD or microdata)",
        needs="the address of a page that shows reviews: a shop, a product, a place",
        gives="text, title, author, rating with its scale, dates, reply where the page marks it",
        example_url="https://reviews.example.com/zelvano",
        options={
            "next": Option("CSS selector of the link to the next page, such as `a.next`"),
            "max_pages": Option("stop after this many pages; 50 if not said", "number"),
            "sitemap": Option("address of a sitemap that lists the pages to read", "address"),
            "match": Option("regular expression that a page's address must match", "pattern"),
        },
        terms="Many sites forbid copying in their terms although robots.txt allows it: read them.",
    ),
    Kind(
        name="feed",
        what="An RSS or Atom feed: comments, forum posts, news, search results",
        needs="the address of the feed",
        gives="title, text or summary, author, link, times; ratings where the feed has them",
        example_url="https://forum.example.com/zelvano.atom",
        options={
            "kind": Option("what an entry is", choices=("review", "post", "comment", "news")),
        },
        terms="A feed is published to be read; quote with a link, and keep to its licence.",
    ),
    Kind(
        name="import",
        what="Files that you bring: CSV, XLSX, JSON lines or a saved page",
        needs="a file; `monitor import FILE --source NAME` reads it",
        gives="whatever its columns hold: text, author, rating, dates, location",
        example_url=None,
        terms="Make sure that you may keep what the file says about people.",
    ),
)
"""Kinds of source by name, in the order in which they are offered."""

CHANNEL_KINDS = _by_name(
    Kind(
        name="mailto",
        what="Mail through any SMTP server",
        needs="an account on a mail server; mailtos:// speaks TLS, mailto:// does not",
        gives="a mail with text and HTML",
        example_url="mailtos://user:password@example.com?smtp=mail.example.com&to=pr@example.com",
        secrets="the account's password, or an app password where the provider has them",
    ),
    Kind(
        name="tgram",
        what="Telegram chat, group or channel",
        needs="a bot that is a member of the chat",
        gives="a message",
        example_url="tgram://123456789:abcdefg_hijklmnop/-1001234567",
        secrets="the bot's token, given by @BotFather; the chat's number",
    ),
    Kind(
        name="slack",
        what="Slack channel",
        needs="an incoming webhook of the workspace",
        gives="a message",
        example_url="slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/#pr",
        secrets="the three tokens at the end of the webhook's address, from the app's settings",
    ),
    Kind(
        name="discord",
        what="Discord channel",
        needs="a webhook of the channel",
        gives="a message",
        example_url="discord://4174216298/JHMHI8qBe7bk2ZwO5U711o3dV_js",
        secrets="number and token of the webhook: channel settings, Integrations, Webhooks",
    ),
    Kind(
        name="workflows",
        what="Microsoft Teams channel (Power Automate workflow)",
        needs="a workflow 'post to a channel when a webhook request is received'",
        gives="a card",
        example_url="workflows://prod-01.westeurope.logic.azure.com:443/643e8eb03e9/Kx3b8-signature",
        secrets="the workflow's id and signature, from the address that Teams shows for it",
    ),
    Kind(
        name="mattermost",
        what="Mattermost channel",
        needs="an incoming webhook; mmosts:// for https, mmost:// for http",
        gives="a message",
        example_url="mmosts://chat.example.com/3ccdd113474722377935511fc85d3dd4",
        secrets="the token at the end of the webhook's address: Integrations, Incoming Webhooks",
    ),
    Kind(
        name="ntfy",
        what="Push message through ntfy, the public server or your own",
        needs="a topic; ntfys:// for https",
        gives="a push message on phone and desktop",
        example_url="ntfys://token@ntfy.example.com/reputation",
        secrets="an access token of the account; on the public server the topic itself is secret",
    ),
    Kind(
        name="json",
        what="Webhook: a POST of JSON to a system of yours",
        needs="an address that accepts it; jsons:// for https, json:// for http",
        gives="title, message and type as JSON",
        example_url="jsons://user:password@hooks.example.com/reputation",
        secrets="what the receiver asks for: user and password, or a path that is hard to guess",
    ),
    Kind(
        name="matrix",
        what="Matrix room",
        needs="an account that has joined the room; matrixs:// for https",
        gives="a message",
        example_url="matrixs://monitor:password@matrix.example.com/#reputation:example.com",
        secrets="the account's password",
    ),
    Kind(
        name="rocket",
        what="Rocket.Chat channel",
        needs="an account or incoming webhook; rockets:// for https",
        gives="a message",
        example_url="rockets://monitor:password@chat.example.com/#reputation",
        secrets="the account's password or token: My Account, Personal Access Tokens",
    ),
    Kind(
        name="gotify",
        what="Push message through a Gotify server of your own",
        needs="an application on the server; gotifys:// for https",
        gives="a push message",
        example_url="gotifys://push.example.com/AbcDefGhiJklMno",
        secrets="the application's token: Apps in the server's web page",
    ),
    Kind(
        name="zulip",
        what="Zulip stream",
        needs="a bot of the organisation",
        gives="a message",
        example_url="zulip://monitor@example/a8nZPqrStUvWxYzA8nZPqrStUvWxYzAb/reputation",
        secrets="the bot's API key: Settings, Your bots",
    ),
    Kind(
        name="signal",
        what="Signal, through a signal-cli REST server of your own",
        needs="the server with a registered number; signals:// for https",
        gives="a message",
        example_url="signals://user:password@signal.example.com/+420600000001/+420600000002",
        secrets="user and password of your server, if it asks for them",
    ),
)
"""Kinds of alert channel by name, which is also the start of the Apprise address."""
