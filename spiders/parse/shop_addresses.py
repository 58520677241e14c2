"""From the address that a user has at hand to the addresses of the API behind it."""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit, urlunsplit

from spiders.parse.paging import with_parameters

DIGIKALA_API = "https://api.digikala.com"

_DIGIKALA_PRODUCT = re.compile(r"(?:/dkp-|/products?/)(\d+)(?=[/?#]|$)")
_WORDPRESS_ENDING = re.compile(r"/(?:wp-json(?:/.*)?|(?:comments/)?feed/?|wp-admin(?:/.*)?)$")
_SHOP_PRODUCT = re.compile(r"^(.*?)/(?:product|produkt|produkty|tovar|kala|محصول)/([^/]+)/?$")


def digikala_product(url: str) -> str | None:
    """Number of the product in a product page's or the API's address; None if there is none."""
    found = _DIGIKALA_PRODUCT.search(unquote(urlsplit(url).path))
    return found.group(1) if found else None


def digikala_reviews(api: str, product: str, page: int) -> str:
    """Address of one page of a product's reviews, newest first."""
    return f"{api.rstrip('/')}/v1/rate-review/products/{product}/?page={page}&sort=newest"


def wordpress_root(url: str) -> str:
    """Address of a site's start page without a slash, from that of its feed, API or start page."""
    parts = urlsplit(url)
    path = _WORDPRESS_ENDING.sub("", parts.path).rstrip("/")
    return urlunsplit((parts.scheme, parts.netloc, path, "", ""))


def is_wordpress_feed(url: str) -> bool:
    """True for the address of a comments feed, of a site or of one post."""
    return urlsplit(url).path.rstrip("/").endswith("/feed")


def wordpress_comments(root: str, page: int, per_page: int, post: int | None) -> str:
    """Address of one page of a site's comments, newest first, with the title of their post."""
    url = f"{root}/wp-json/wp/v2/comments?per_page={per_page}&page={page}&order=desc&_embed=up"
    return with_parameters(url, post=post) if post else url


def shop_and_slug(url: str) -> tuple[str, str | None]:
    """(address of the shop, the product's slug if the address is a product's page)."""
    parts = urlsplit(url)
    found = _SHOP_PRODUCT.match(unquote(parts.path))
    if not found:
        return wordpress_root(url), None
    return urlunsplit((parts.scheme, parts.netloc, found.group(1), "", "")), found.group(2)


def shop_reviews(shop: str, page: int, per_page: int, product: str | None) -> str:
    """Address of one page of a shop's or a product's reviews, newest first."""
    url = (
        f"{shop}/wp-json/wc/store/v1/products/reviews"
        f"?per_page={per_page}&page={page}&orderby=date&order=desc"
    )
    return with_parameters(url, product_id=product) if product else url


def shop_product(shop: str, slug: str) -> str:
    """Address that answers with the product of this slug."""
    return with_parameters(f"{shop}/wp-json/wc/store/v1/products", slug=slug)
