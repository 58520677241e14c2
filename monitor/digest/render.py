"""A digest as mail or page: subject, HTML that needs no style sheet, plain text and pictures."""

from __future__ import annotations

import base64
import re
import textwrap
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any, Literal

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from monitor.digest import pieces
from monitor.digest.chart import chart_alt, chart_pictures
from monitor.digest.model import Digest
from monitor.digest.words import Words

Charts = Literal["cid", "data"]

_TEXT_WIDTH = 76
_FONTS = {
    "ltr": "-apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'Helvetica Neue', Arial, sans-serif",
    # Tahoma is the one face with Persian letters on every Windows; Vazirmatn where it is at home.
    "rtl": "Vazirmatn, 'Segoe UI', 'Noto Sans Arabic', Tahoma, Arial, sans-serif",
}
_DATA_URI = re.compile(r'(<img [^>]*src=")data:image/png;base64,([A-Za-z0-9+/=]+)"')


@dataclass(frozen=True, slots=True)
class Rendered:
    """A digest ready to be sent or kept.

    With charts as `cid` the HTML names its pictures `cid:NAME` and `images` holds their PNG bytes;
    with charts as `data` they stand in the HTML and `images` is empty.
    """

    subject: str
    html: str
    text: str
    images: dict[str, bytes]


def render(digest: Digest, charts: Charts = "cid", base_url: str | None = None) -> Rendered:
    """The digest in its language; HTML under 100 kB without the pictures (Gmail clips at 102 kB).

    `base_url`: where the dashboard is, for a link at the end.
    """
    say = Words(digest.language, digest.timezone)
    pictures = chart_pictures(digest, say)
    links = {
        name: f"cid:{name}.png" if charts == "cid" else _data_uri(png)
        for name, png in pictures.items()
    }
    context = _context(digest, say) | {"images": links, "base_url": base_url}
    html = _inlined(_environment().get_template("digest.html.j2").render(context))
    text = _environment().get_template("digest.txt.j2").render(context)
    return Rendered(
        subject=context["subject"],
        html=html,
        text=re.sub(r"\n{3,}", "\n\n", text).strip() + "\n",
        images={f"{name}.png": png for name, png in pictures.items()} if charts == "cid" else {},
    )


def reopened(subject: str, html: str, text: str) -> Rendered:
    """A stored digest (charts as `data`) made ready for a mail again (charts as `cid`)."""
    html, images = detach(html)
    return Rendered(subject, html, text, images)


def detach(html: str) -> tuple[str, dict[str, bytes]]:
    """A stored page with its pictures as data made a mail's HTML and its images by name.

    Mail readers block data URIs; the store keeps one self-contained page.
    """
    images: dict[str, bytes] = {}

    def named(match: re.Match[str]) -> str:
        name = f"chart-{len(images) + 1}.png"
        images[name] = base64.b64decode(match[2])
        return f'{match[1]}cid:{name}"'

    return _DATA_URI.sub(named, html), images


def _context(digest: Digest, say: Words) -> dict[str, Any]:
    title = say.say(digest.headline.title)
    plain, warnings = pieces.lines(digest, say)
    return {
        "say": say,
        "language": digest.language,
        "direction": say.direction,
        "fonts": Markup(_FONTS[say.direction]),
        "css": Markup(_css()),
        "brand": digest.brand,
        "subject": say("subject", brand=digest.brand, week=digest.week, title=title),
        "period": pieces.period(digest, say),
        "title": title,
        "lines": plain,
        "warnings": warnings,
        "actions": [say.say(action) for action in digest.headline.actions],
        "tiles": [pieces.tile(one, say) for one in digest.tiles],
        "chart_alt": chart_alt(digest, say),
        "has_partial": any(point.is_partial for point in digest.weeks),
        "has_alert": any(point.alerts for point in digest.weeks),
        "complaints_title": say(pieces.complaints_title(digest)),
        "complaints": [pieces.quote(one, say) for one in digest.complaints],
        "praise": [pieces.quote(one, say) for one in digest.praise],
        "alerts": [pieces.alert(one, say) for one in digest.alerts[: pieces.MOST_ALERTS]],
        "alerts_more": max(0, len(digest.alerts) - pieces.MOST_ALERTS),
        "troubles": [pieces.trouble(one, say) for one in digest.troubles[: pieces.MOST_ROWS]],
        "tables": pieces.tables(digest, say),
        "notes": pieces.notes(digest, say),
        "classes": pieces.BADGES,
    }


@lru_cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("monitor.digest"),
        autoescape=select_autoescape(enabled_extensions=("html.j2",), default=False),
        undefined=StrictUndefined,
        keep_trailing_newline=True,
    )
    environment.filters["wrapped"] = _wrapped
    environment.filters["heading"] = lambda title: f"{title}\n{'-' * len(title)}"
    return environment


def _wrapped(text: str, mark: str = "") -> str:
    """Lines of at most 76 letters, each beginning with `> `, or the first only with `- `."""
    rest = mark if mark.startswith(">") else " " * len(mark)
    return textwrap.fill(
        text,
        _TEXT_WIDTH,
        initial_indent=mark,
        subsequent_indent=rest,
        break_long_words=False,
        break_on_hyphens=False,
    )


@lru_cache
def _css() -> str:
    file = resources.files("monitor.digest") / "templates" / "digest.css"
    return re.sub(r"/\*.*?\*/", "", file.read_text(encoding="utf-8"), flags=re.S)


def _inlined(html: str) -> str:
    import css_inline

    inliner = css_inline.CSSInliner(
        keep_at_rules=True,
        minify_css=True,
        load_remote_stylesheets=False,
    )
    return str(inliner.inline(html))


def _data_uri(png: bytes) -> str:
    return f"data:image/png;base64,{base64.b64encode(png).decode('ascii')}"
