"""Kinds of alert channel: the shapes of address that Apprise understands and people use most."""

from __future__ import annotations

from collections.abc import Mapping

from monitor.kinds.model import Kind, SecretNeed


def _url(what_is_secret: str) -> Mapping[str, SecretNeed]:
    """A channel's address is kept as one secret; this says which parts of it are."""
    return {"url": SecretNeed(what_is_secret)}


KINDS = (
    Kind(
        name="mailto",
        what="Mail through any SMTP server",
        needs="an account on a mail server; mailtos:// speaks TLS, mailto:// does not",
        gives="a mail with text and HTML",
        example_url="mailtos://user:password@example.com?smtp=mail.example.com&to=pr@example.com",
        secrets=_url("the account's password, or an app password where the provider has them"),
    ),
    Kind(
        name="tgram",
        what="Telegram chat, group or channel",
        needs="a bot that is a member of the chat",
        gives="a message",
        example_url="tgram://123456789:abcdefg_hijklmnop/-1001234567",
        secrets=_url("the bot's token, given by @BotFather; the chat's number"),
    ),
    Kind(
        name="slack",
        what="Slack channel",
        needs="an incoming webhook of the workspace",
        gives="a message",
        example_url="slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/#pr",
        secrets=_url(
            "the three tokens at the end of the webhook's address, from the app's settings"
        ),
    ),
    Kind(
        name="discord",
        what="Discord channel",
        needs="a webhook of the channel",
        gives="a message",
        example_url="discord://4174216298/JHMHI8qBe7bk2ZwO5U711o3dV_js",
        secrets=_url("number and token of the webhook: channel settings, Integrations, Webhooks"),
    ),
    Kind(
        name="workflows",
        what="Microsoft Teams channel (Power Automate workflow)",
        needs="a workflow 'post to a channel when a webhook request is received'",
        gives="a card",
        example_url="workflows://prod-01.westeurope.logic.azure.com:443/643e8eb03e9/Kx3b8-signature",
        secrets=_url("the workflow's id and signature, from the address that Teams shows for it"),
    ),
    Kind(
        name="mattermost",
        what="Mattermost channel",
        needs="an incoming webhook; mmosts:// for https, mmost:// for http",
        gives="a message",
        example_url="mmosts://chat.example.com/3ccdd113474722377935511fc85d3dd4",
        secrets=_url(
            "the token at the end of the webhook's address: Integrations, Incoming Webhooks"
        ),
    ),
    Kind(
        name="ntfy",
        what="Push message through ntfy, the public server or your own",
        needs="a topic; ntfys:// for https",
        gives="a push message on phone and desktop",
        example_url="ntfys://token@ntfy.example.com/reputation",
        secrets=_url(
            "an access token of the account; on the public server the topic itself is secret"
        ),
    ),
    Kind(
        name="json",
        what="Webhook: a POST of JSON to a system of yours",
        needs="an address that accepts it; jsons:// for https, json:// for http",
        gives="title, message and type as JSON",
        example_url="jsons://user:password@hooks.example.com/reputation",
        secrets=_url(
            "what the receiver asks for: user and password, or a path that is hard to guess"
        ),
    ),
    Kind(
        name="matrix",
        what="Matrix room",
        needs="an account that has joined the room; matrixs:// for https",
        gives="a message",
        example_url="matrixs://monitor:password@matrix.example.com/#reputation:example.com",
        secrets=_url("the account's password"),
    ),
    Kind(
        name="rocket",
        what="Rocket.Chat channel",
        needs="an account or incoming webhook; rockets:// for https",
        gives="a message",
        example_url="rockets://monitor:password@chat.example.com/#reputation",
        secrets=_url("the account's password or token: My Account, Personal Access Tokens"),
    ),
    Kind(
        name="gotify",
        what="Push message through a Gotify server of your own",
        needs="an application on the server; gotifys:// for https",
        gives="a push message",
        example_url="gotifys://push.example.com/AbcDefGhiJklMno",
        secrets=_url("the application's token: Apps in the server's web page"),
    ),
    Kind(
        name="zulip",
        what="Zulip stream",
        needs="a bot of the organisation",
        gives="a message",
        example_url="zulip://monitor@example/a8nZPqrStUvWxYzA8nZPqrStUvWxYzAb/reputation",
        secrets=_url("the bot's API key: Settings, Your bots"),
    ),
    Kind(
        name="signal",
        what="Signal, through a signal-cli REST server of your own",
        needs="the server with a registered number; signals:// for https",
        gives="a message",
        example_url="signals://user:password@signal.example.com/+420600000001/+420600000002",
        secrets=_url("user and password of your server, if it asks for them"),
    ),
)
