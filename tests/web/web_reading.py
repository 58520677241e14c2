"""How the tests read a page: links, tables and forms as a browser would find them."""

from __future__ import annotations

import csv
import io

from parsel import Selector
from starlette.testclient import TestClient


def page(client: TestClient, url: str) -> Selector:
    """The page at `url`, which must answer with 200."""
    response = client.get(url)
    assert response.status_code == 200, f"{url}: {response.status_code} {response.text[:300]}"
    return Selector(response.text)


def rows(client: TestClient, url: str) -> list[dict[str, str]]:
    """The rows of the CSV download at `url`."""
    response = client.get(url)
    assert response.status_code == 200, response.text[:300]
    assert response.headers["content-type"].startswith("text/csv")
    return list(csv.DictReader(io.StringIO(response.text.removeprefix("\ufeff"))))


def as_csv(url: str) -> str:
    return url + ("&" if "?" in url else "?") + "format=csv"


def words(node: Selector) -> str:
    """The visible text of an element in one line."""
    return " ".join(" ".join(node.xpath(".//text()").getall()).split())
