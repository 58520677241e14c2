"""Raw items in, mentions out: in what order one item is read, and what may be wrong with it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from monitor.normalise import dates, personal_data, ratings
from monitor.normalise.context import Identify, SourceContext, language_code
from monitor.normalise.identity import identity_of, native_identity, raw_digest
from monitor.normalise.near_duplicates import fingerprints
from monitor.normalise.relevance import decide
from monitor.normalise.search_terms import search_text
from monitor.normalise.text import clean, clean_line, html_to_text, unescape_plain
from monitor.records import KINDS, Mention, Rating, RawItem, Reject

_MAX_URL_CHARS = 2_000
_MAX_TITLE_CHARS = 500
_MAX_AUTHOR_CHARS = 120
_MAX_NAME_CHARS = 60
_EXCERPT_CHARS = 120
_WORDS = 1_000
"""Letters of a text that an excerpt is made from: masked before it is cut, for half a number is
not found."""


@dataclass(slots=True)
class _Draft:
    """An item with its texts read, waiting for its language."""

    item: RawItem
    kind: str
    fetched_at: datetime
    title: str | None
    text: str
    reply: str | None
    rating: Rating | None
    sub_ratings: dict[str, Rating]
    masked: int
    notes: list[Reject]


def normalise(
    items: Sequence[RawItem], context: SourceContext, identify: Identify
) -> list[Mention | Reject]:
    """What each item says in a form that can be stored and compared, in the order of the items.

    An item that says nothing, or is not about the brand that the context names, becomes a `Reject`.
    A mention whose rating or date could not be used
    is kept without it and followed by a `Reject` for each, so the list may be longer than `items`.
    Pure: the same items give the same mentions, and "now" is when an item was fetched.
    """
    read = [_read(item, context) for item in items]
    drafts = [draft for draft in read if isinstance(draft, _Draft)]
    mentions = iter(_mentions(drafts, context, identify))
    result: list[Mention | Reject] = []
    for draft in read:
        if isinstance(draft, Reject):
            result.append(draft)
        else:
            result.append(next(mentions))
            result += draft.notes
    return result


def why_left_out(item: RawItem, context: SourceContext) -> Reject | None:
    """Why an item would be left out, with the beginning of what it says; None for any other.

    For a preview: a stored reject has no words of people whom the brand does not concern.
    """
    reject = _read(item, context)
    if not isinstance(reject, Reject) or not reject.is_left_out:
        return None
    said = f"{_title(item.title, item.is_html) or ''} {_body(item.text, item.is_html, _WORDS)}"
    shown, _ = personal_data.mask(clean_line(said) or "", context.mask)
    return replace(reject, excerpt=clean(shown, _EXCERPT_CHARS))


def _mentions(
    drafts: Sequence[_Draft], context: SourceContext, identify: Identify
) -> Iterator[Mention]:
    texts = [f"{d.title}\n{d.text}".strip() if d.title else d.text for d in drafts]
    hints = [language_code(d.item.language) or language_code(context.language) for d in drafts]
    worded = [place for place, text in enumerate(texts) if text]
    languages = [(hint or "other", 0.0) for hint in hints]
    found = identify([texts[place] for place in worded], [hints[place] for place in worded])
    for place, identified in zip(worded, found, strict=True):
        languages[place] = identified
    prints = fingerprints(texts)
    for draft, (language, confidence), value in zip(drafts, languages, prints, strict=True):
        yield _mention(draft, context, language, confidence, value)


def _read(item: RawItem, context: SourceContext) -> _Draft | Reject:
    """The texts and ratings of an item, or why it cannot be a mention."""
    kind = context.kind or item.kind
    if kind not in KINDS:
        return _reject(item, f"unknown kind {kind!r}", "kind")
    fetched_at = _fetched_at(item.fetched_at)
    if fetched_at is None:
        return _reject(item, "the time of fetching is not an ISO-8601 time", "fetched_at")
    notes: list[Reject] = []
    rating, sub_ratings = _ratings(item, notes)
    title = clean_line(_title(item.title, item.is_html), _MAX_TITLE_CHARS)
    text = _body(item.text, item.is_html, context.max_text_chars)
    if not text and not title and rating is None and not sub_ratings:
        return notes[0] if notes else _reject(item, "no text, title or rating", "text")
    if left_out := _left_out(item, kind, title, text, context):
        return left_out
    reply = _body(item.reply_text or "", item.is_html, context.max_text_chars) or None
    text, masked = personal_data.mask(text, context.mask)
    if title:
        title, in_title = personal_data.mask(title, context.mask)
        masked += in_title
    if reply:
        reply, in_reply = personal_data.mask(reply, context.mask)
        masked += in_reply
    return _Draft(item, kind, fetched_at, title, text, reply, rating, sub_ratings, masked, notes)


def _left_out(
    item: RawItem, kind: str, title: str | None, text: str, context: SourceContext
) -> Reject | None:
    """Why an item is not about the brand it was looked for; None if it is, or may be anything.

    Of what a person wrote about something else nothing is kept but the address; a headline is.
    """
    if context.about is None:
        return None
    subject = clean_line(item.subject)
    decision = decide(context.about, text, title, item.url, subject, context.address)
    if decision.is_about:
        return None
    place = clean(item.url or item.native_id or "item", _MAX_URL_CHARS)
    shown = clean(title or "", _EXCERPT_CHARS) if kind == "news" else ""
    return Reject(item.source, decision.reason, place, shown, is_left_out=True)


def _mention(
    draft: _Draft, context: SourceContext, language: str, confidence: float, value: int | None
) -> Mention:
    item = draft.item
    published_at = _date(draft, "published", context, language)
    edited_at = _date(draft, "edited", context, language)
    return Mention(
        source=item.source,
        identity=identity_of(item),
        raw_digest=raw_digest(item),
        kind=draft.kind,
        url=_safe_url(item.url),
        title=draft.title,
        text=draft.text,
        language=language,
        language_confidence=confidence,
        author=_author(item.author, context),
        rating=draft.rating,
        published_at=published_at,
        edited_at=None if edited_at == published_at else edited_at,
        fetched_at=draft.fetched_at,
        fingerprint=value,
        search_text=search_text(draft.title, draft.text, language),
        sub_ratings=draft.sub_ratings,
        reply_text=draft.reply,
        reply_at=_date(draft, "reply_published", context, language),
        reach=dict(item.reach),
        parent=native_identity(item.source, item.parent_id) if item.parent_id else None,
        location=clean_line(item.location),
        subject=clean_line(item.subject),
        masked=draft.masked,
    )


def _fetched_at(written: str) -> datetime | None:
    try:
        fetched_at = datetime.fromisoformat(written)
    except ValueError:
        return None
    return fetched_at.astimezone(UTC) if fetched_at.tzinfo else fetched_at.replace(tzinfo=UTC)


def _title(text: str | None, is_html: bool) -> str | None:
    return html_to_text(text[: _MAX_TITLE_CHARS * 10]) if text and is_html else text


def _body(raw: str, is_html: bool, max_chars: int) -> str:
    if not raw:
        return ""
    # Markup may outweigh the text; ten times the limit bounds the work on a hostile page.
    raw = raw[: max_chars * 10]
    return clean(html_to_text(raw) if is_html else unescape_plain(raw), max_chars)


def _ratings(item: RawItem, notes: list[Reject]) -> tuple[Rating | None, dict[str, Rating]]:
    overall = ratings.parse_rating(item)
    if isinstance(overall, str):
        notes.append(_reject(item, overall, "rating", item.rating))
        overall = None
    sub_ratings: dict[str, Rating] = {}
    for given_name, raw in item.sub_ratings.items():
        name = clean_line(given_name, _MAX_NAME_CHARS)
        if name is None:
            continue
        part = ratings.read_rating(raw, item.rating_best, item.rating_worst, item.rating_scale)
        if isinstance(part, str):
            notes.append(_reject(item, part, f"sub_ratings.{name}", raw))
        elif part is not None:
            sub_ratings[name] = part
    return overall, sub_ratings


def _date(draft: _Draft, field: str, context: SourceContext, language: str) -> datetime | None:
    raw: str | None = getattr(draft.item, field)
    if not raw:
        return None
    found = dates.parse_date(raw, zone=context.timezone, now=draft.fetched_at, language=language)
    if found is None:
        draft.notes.append(_reject(draft.item, "no believable date", field, raw))
    return found


def _author(name: str | None, context: SourceContext) -> str | None:
    if context.authors == "drop":
        return None
    if context.authors == "plain":
        return clean_line(name, _MAX_AUTHOR_CHARS)
    return personal_data.pseudonym(name, context.pseudonym_key)


def _safe_url(url: str | None) -> str | None:
    """The address if a browser may follow it: only http and https, no blanks or controls."""
    if not url:
        return None
    url = url.strip()
    if len(url) > _MAX_URL_CHARS or not url.lower().startswith(("http://", "https://")):
        return None
    return url if url.isprintable() and " " not in url else None


def _reject(item: RawItem, cause: str, field: str, excerpt: str | None = None) -> Reject:
    place = f"{clean(item.url or item.native_id or 'item', _EXCERPT_CHARS)}: {field}"
    shown = item.text if excerpt is None else excerpt
    return Reject(item.source, cause, place, clean(shown or "", _EXCERPT_CHARS))
