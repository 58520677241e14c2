"""Local sites for the generic kinds: pages, APIs and shops that lead on in every way there is."""

from __future__ import annotations

import json
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlsplit

from faulty_sites import Site

COUNT = 7
"""Reviews that each of these sites has, three a page."""


def review(number: int) -> dict[str, Any]:
    return {"id": number, "text": f"Review number {number}", "stars": number % 5 + 1}


class _Paged(Site):
    """Knows what was asked for; subclasses answer with a page of reviews."""

    def parameter(self, name: str, default: str = "") -> str:
        return parse_qs(urlsplit(self.path).query).get(name, [default])[0]

    def send_json(self, document: Any, status: int = 200, **headers: str) -> None:
        body = json.dumps(document, ensure_ascii=False)
        self.send(body, status, content_type="application/json", **headers)

    def reviews(self, offset: int, size: int = 3) -> list[dict[str, Any]]:
        return [review(number) for number in range(1, COUNT + 1)][offset : offset + size]


class Api(_Paged):
    """One list of reviews, with the way to the next page in the path: /cursor, /page, /next ..."""

    def answer(self) -> None:
        host = f"http://{self.headers['Host']}"
        match urlsplit(self.path).path:
            case "/page":
                page = int(self.parameter("page", "1"))
                self.send_json({"data": {"reviews": self.reviews(3 * (page - 1))}})
            case "/from_zero":
                page = int(self.parameter("p"))
                self.send_json({"reviews": self.reviews(3 * page), "more": page < 2})
            case "/offset":
                self.send_json({"reviews": self.reviews(int(self.parameter("skip", "0")))})
            case "/cursor":
                # A cursor full of signs that must be encoded; the last one comes again and again.
                at = int(self.parameter("after", "0").removesuffix("+=&"))
                following = f"{at + 3}+=&" if at + 3 < COUNT else "6+=&"
                self.send_json({"reviews": self.reviews(at), "meta": {"cursor": following}})
            case "/next":
                at = int(self.parameter("at", "0"))
                link = f"/next?at={at + 3}" if at + 3 < COUNT else None
                self.send_json({"reviews": self.reviews(at), "links": {"next": link}})
            case "/link":
                at = int(self.parameter("at", "0"))
                link = f'<{host}/link?at={at + 3}>; rel="next", <{host}/link?at=0>; rel="prev"'
                extra = {"Link": link} if at + 3 < COUNT else {}
                self.send_json(self.reviews(at), **extra)
            case "/away":
                away = {"next": "http://elsewhere.invalid/api"}
                self.send_json({"reviews": self.reviews(0), "links": away})
            case "/same":
                self.send_json({"data": {"reviews": self.reviews(0)}})
            case "/refusing":
                self.send_json({"error": "rate limited"}, 429, Retry_After="7200")
            case "/wall":
                self.send("<html><title>Just a moment...</title></html>")
            case _:
                self.send_json({"reviews": []})


class NumberedPages(_Paged):
    """A shop whose pages are numbered, or linked, and end with an empty one."""

    def answer(self) -> None:
        page = int(self.parameter("strana", "1"))
        linked = urlsplit(self.path).path == "/linked"
        entries = "".join(
            f'<div class="r" id="r{one["id"]}"><p>{one["text"]}</p></div>'
            for one in self.reviews(3 * (page - 1))
        )
        link = f'<a class="next" href="?strana={page + 1}">next</a>' if linked and page < 3 else ""
        self.send(f"<html><body>{entries or 'Nothing more.'}{link}</body></html>")


class WordPress(_Paged):
    """101 comments through the API, one hundred a page; a feed with the newest one."""

    api_status: ClassVar[int] = 200
    says_pages: ClassVar[bool] = True

    def answer(self) -> None:
        path = urlsplit(self.path).path
        if path == "/blog/wp-json/wp/v2/comments" and self.api_status == 200:
            first = 1 if self.parameter("page") == "1" else 101
            numbers = range(first, min(first + int(self.parameter("per_page")), 102))
            comments = [{"id": n, "content": {"rendered": f"<p>Comment {n}</p>"}} for n in numbers]
            extra = {"X_WP_TotalPages": "2"} if self.says_pages else {}
            self.send_json(comments, **extra)
        elif path == "/blog/comments/feed/":
            entry = "<guid>/?p=1#comment-101</guid><description>Comment 101</description>"
            feed = f'<rss version="2.0"><channel><item>{entry}</item></channel></rss>'
            self.send(feed, content_type="application/rss+xml")
        else:
            self.send_json({"code": "rest_no_route", "message": "No route"}, self.api_status)


class ClosedWordPress(WordPress):
    api_status = 401


class ForbiddenWordPress(WordPress):
    api_status = 403


class CountlessWordPress(WordPress):
    """A cache on the way drops the headers that say how many pages there are."""

    says_pages = False


class Shop(_Paged):
    """A shop with a Store API in a folder; the kettle is product 4711."""

    def answer(self) -> None:
        path = urlsplit(self.path).path
        if path == "/eshop/wp-json/wc/store/v1/products":
            slug = self.parameter("slug")
            self.send_json([{"id": 4711}] if slug == "kettle" else [])
        elif path == "/eshop/wp-json/wc/store/v1/products/reviews":
            product = self.parameter("product_id", "0")
            page = int(self.parameter("page"))
            found = [
                {
                    "id": one["id"],
                    "review": f"<p>Of product {product}</p>",
                    "rating": 0,
                    "verified": True,
                }
                for one in self.reviews(3 * (page - 1))
            ]
            self.send_json(found, X_WP_TotalPages="3")
        else:
            self.send_json({"code": "rest_no_route"}, 404)


class Digikala(_Paged):
    """Three pages; the second one has only reviews without words and stars."""

    def answer(self) -> None:
        page = int(self.parameter("page"))
        words = "" if page == 2 else "خوب"
        comments = [{"id": 10 * page + n, "body": words, "rate": 0} for n in range(3)]
        data = {"comments": comments, "pager": {"current_page": page, "total_pages": 3}}
        self.send_json({"status": 200, "data": data})


class Newspaper(_Paged):
    """A front page, a feed and a sitemap that list the same articles."""

    WORDS: ClassVar[str] = " ".join(
        ["The kettle leaks, says a buyer of the shop in the city."] * 12
    )

    def answer(self) -> None:
        host = f"http://{self.headers['Host']}"
        match self.path:
            case "/":
                links = '<a href="/a/1">one</a><a href="/a/2#top">two</a><a href="/a/2">two</a>'
                away = '<a href="http://elsewhere.invalid/a/9">away</a><a href="/about">us</a>'
                self.send(f"<html><body><nav>{links}{away}</nav></body></html>")
            case "/feed":
                entries = "".join(f"<item><link>{host}/a/{n}</link></item>" for n in (1, 2))
                feed = f'<rss version="2.0"><channel>{entries}</channel></rss>'
                self.send(feed, content_type="application/rss+xml")
            case "/sitemap.xml":
                inner = f"<sitemap><loc>{host}/news.xml</loc></sitemap>"
                self.send(f"<sitemapindex>{inner}</sitemapindex>", content_type="text/xml")
            case "/news.xml":
                entries = "".join(f"<url><loc>{host}/a/{n}</loc></url>" for n in (1, 2, 3))
                self.send(f"<urlset>{entries}</urlset>", content_type="text/xml")
            case _:
                head = f"<title>Article {self.path[-1]}</title>"
                body = f"<article><p>{self.WORDS}</p><p>{self.WORDS}</p></article>"
                self.send(f"<html><head>{head}</head><body>{body}</body></html>")
