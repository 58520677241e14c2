"""Stack Exchange's API to raw items: questions, and answers and comments where it sends them."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import SplitResult, parse_qsl, unquote, urlencode, urlsplit

from monitor.records import RawItem, Reject
from spiders.parse.addresses import web_address
from spiders.parse.answers import Node, NotJson, counts, json_answer, node, nodes, text
from spiders.parse.encoding import TooBig, unzipped
from spiders.parse.paged import Page, instant, refused

ITEMS_A_PAGE = 100
_THROTTLED = 502
"""The API's own error number, sent with HTTP status 400: too many requests from this address."""
_TAGGED = re.compile(r"^(?:/questions/tagged|/tags)/([^/]+)")
_ONLY_TAGS = re.compile(r"\s*(?:\[[^\[\]]+\]\s*)+")
_LANGUAGE_SITE = re.compile(r"^(ru|es|pt|ja)\.stackoverflow(\.com)?$")


@dataclass(frozen=True, slots=True)
class Search:
    """What is asked of which site: words, tags joined by ";", or the whole site."""

    site: str
    words: str | None = None
    tags: str | None = None
    any_tag: bool = False
    """One of the tags is enough; else a question must have all of them."""

    @property
    def language(self) -> str | None:
        """The language that a site is written in, where its name says so."""
        found = _LANGUAGE_SITE.match(self.site)
        return found[1] if found else None


def search_at(url: str, site: str | None, words: str | None, tags: str | None) -> Search:
    """What an address of a site, of its search, of tags or of the API asks for.

    Options come before it. Raises ValueError for an address of questions without some tag.
    """
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query))
    words = words or query.get("q") or None
    any_tag = parts.path.endswith("/search") and "tagged" in query  # so the API itself takes it
    tagged = query["tagged"].split(";") if "tagged" in query else _tags_at(parts, query)
    if tags:
        tagged, any_tag = tags.split(";"), False
    elif not tagged and words and _ONLY_TAGS.fullmatch(words):
        tagged, words = re.findall(r"\[([^\[\]]+)\]", words), None
    if "or" in tagged:
        tagged, any_tag = [tag for tag in tagged if tag != "or"], True
    if any(tag.startswith("-") for tag in tagged):
        raise ValueError("one is left out with a minus")
    host = (parts.hostname or "").removeprefix("www.").removeprefix("api.")
    return Search(site or query.get("site") or host, words, ";".join(tagged) or None, any_tag)


def _tags_at(parts: SplitResult, query: Mapping[str, str]) -> list[str]:
    """Tags as pages name them: `/questions/tagged/a+b` for both, `a+or+b` for one of them."""
    found = _TAGGED.match(parts.path)
    written = found[1].replace("+", " ") if found else query.get("tagnames", "")
    # Only now: a plus sign of a name (c++) is written as %2B.
    return unquote(written).split() if found else written.split()


def questions_address(
    base: str, search: Search, page: int, active_since: int | None, key: str | None
) -> str:
    """The address of a page of questions, those with the newest activity first."""
    asked = {"order": "desc", "sort": "activity", "min": active_since, "q": search.words}
    path = "search/advanced" if search.words else "search" if search.any_tag else "questions"
    return _address(base, path, asked | {"tagged": search.tags}, search, page, key)


def answers_address(base: str, ids: list[str], search: Search, page: int, key: str | None) -> str:
    """The address of a page of the answers to some questions, a hundred at most."""
    asked = {"order": "desc", "sort": "activity"}
    return _address(base, f"questions/{';'.join(ids)}/answers", asked, search, page, key)


def _address(
    base: str,
    path: str,
    asked: Mapping[str, str | int | None],
    search: Search,
    page: int,
    key: str | None,
) -> str:
    common = {"site": search.site, "page": page, "pagesize": ITEMS_A_PAGE, "filter": "withbody"}
    given = {name: value for name, value in {**asked, **common, "key": key}.items() if value}
    return f"{base}/2.3/{path}?{urlencode(given)}"


def items_from_stack_exchange(
    body: bytes,
    url: str,
    source: str,
    fetched_at: str,
    *,
    language: str | None = None,
    titles: Mapping[str, str | None] | None = None,
) -> Page:
    """Posts of one answer; `following` is the next page's number while there is more.

    `titles` are those of the questions that answers were asked for, by id.
    `wait_seconds` is what the service asks for with `backoff`; an error of the service is a
    refusal with its name, and so is a quota used up in the middle.
    """
    try:
        document = node(json_answer(unzipped(body)))
    except (NotJson, TooBig) as error:
        return refused(source, f"not an answer of the API: {error}", url, body)
    if document.get("error_id") is not None:
        said = text(document.get("error_message")) or "no message"
        name = text(document.get("error_name")) or "error"
        throttled = document["error_id"] == _THROTTLED
        refusal = f"throttled: {said}" if throttled else f"{name}: {said}"
        return refused(source, f"not an answer with posts: {name}", url, body, refusal)
    if not isinstance(document.get("items"), list):
        return refused(source, "not an answer with posts: JSON without items", url, body)
    items: list[RawItem] = []
    rejects: list[Reject] = []
    for number, (post, asked) in enumerate(_posts(document["items"], titles or {}), 1):
        item = _item(post, asked, url, source, fetched_at, language)
        if item.title or item.text:
            items.append(item)
            continue
        place = f"{url} post {number}"
        rejects.append(Reject(source, "post without title and text", place, item.native_id or ""))
    following = _following(document, url)
    if following and document.get("quota_remaining") == 0:
        return Page(items, rejects, refusal="the day's quota is used up")
    return Page(items, rejects, following, wait_seconds=_backoff(document))


def questions_on(page: Page) -> dict[str, str | None]:
    """Titles of the page's questions by id, for asking for their answers."""
    questions = [item for item in page.items if item.parent_id is None]
    return {item.native_id: item.title for item in questions if item.native_id}


def _following(document: Node, url: str) -> str | None:
    if document.get("has_more") is not True:
        return None
    here = dict(parse_qsl(urlsplit(url).query)).get("page", "1")
    return str(int(here) + 1) if here.isascii() and here.isdigit() else None


def _backoff(document: Node) -> float:
    seconds = document.get("backoff")
    if isinstance(seconds, bool) or not isinstance(seconds, int | float):
        return 0.0
    return max(0.0, float(seconds))


def _posts(listed: object, titles: Mapping[str, str | None]) -> Iterator[tuple[Node, str | None]]:
    """Each post with its question's title; behind a question what a filter put inside of it."""
    for post in nodes(listed):
        title = _plain(text(post.get("title"))) or titles.get(text(post.get("question_id")) or "")
        yield post, title
        for answer in nodes(post.get("answers")):
            yield from ((one, title) for one in (answer, *nodes(answer.get("comments"))))
        yield from ((one, title) for one in nodes(post.get("comments")))


def _item(
    post: Node,
    question_title: str | None,
    url: str,
    source: str,
    fetched_at: str,
    language: str | None,
) -> RawItem:
    comment, answer = text(post.get("comment_id")), text(post.get("answer_id"))
    question = text(post.get("question_id"))
    score = post.get("score")
    body, plain = text(post.get("body")), text(post.get("body_markdown"))
    is_question = comment is None and answer is None
    return RawItem(
        source=source,
        fetched_at=fetched_at,
        kind="comment" if comment else "post",
        # Questions and answers of a site share their numbers, comments have their own.
        native_id=f"comment-{comment}" if comment else answer or question,
        url=web_address(text(post.get("link")), url),
        title=question_title if is_question else None,
        text=body or _plain(plain) or "",
        is_html=body is not None,
        author=_plain(text(node(post.get("owner")).get("display_name"))),
        published=instant(post.get("creation_date")),
        edited=instant(post.get("last_edit_date")),
        language=language,
        reach=counts(
            likes=score,
            views=post.get("view_count"),
            comments=sum(counts(a=post.get("answer_count"), c=post.get("comment_count")).values()),
        ),
        parent_id=text(post.get("post_id")) if comment else question if answer else None,
        subject=None if is_question else question_title,
    )


def _plain(escaped: str | None) -> str | None:
    """Names and titles come escaped for HTML although they hold none."""
    return html.unescape(escaped).strip() or None if escaped else None
