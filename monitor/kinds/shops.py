"""Kinds that read what shops and blogs offer to everybody: comments and product reviews."""

from __future__ import annotations

from monitor.kinds.model import Kind, Option, SecretNeed

_MAX_PAGES = Option("stop after this many pages; 50 if not said", "number")

KINDS = (
    Kind(
        name="wordpress",
        what="Comments of a WordPress site, through its public API or else its comments feed",
        needs="the site's address, or that of its comments feed",
        gives="text, author, time, link, the post, the comment that is answered",
        example_url="https://blog.example.com/",
        options={
            "post": Option("number of a post, for its comments only", "number"),
            "max_pages": _MAX_PAGES,
        },
        terms="What people write below a post is theirs: quote it with a link. Some sites close"
        " the API to readers; then only the newest comments are there.",
    ),
    Kind(
        name="woocommerce",
        what="Product reviews of a WooCommerce shop, through its public Store API",
        needs="the shop's address, or that of a product's page",
        gives="text, stars, author, time, product and its page",
        example_url="https://shop.example.com/",
        options={
            "product": Option("number of a product, for its reviews only", "number"),
            "verified_only": Option("leave out who did not buy in this shop; counted", "flag"),
            "max_pages": _MAX_PAGES,
        },
        terms="Made for a shop's own pages: ask a shop that is not yours before you read it often.",
    ),
    Kind(
        name="digikala",
        what="Reviews of a product on Digikala",
        needs="the address of the product's page",
        gives="text, title, points for and against, stars, author, day, likes and dislikes",
        example_url="https://www.digikala.com/product/dkp-1234567/",
        options={"max_pages": _MAX_PAGES},
        terms="Not an official interface: it has changed before, and Digikala's terms may forbid"
        " reading it by program. It is for you to decide.",
    ),
    Kind(
        name="heureka",
        what="Heureka: verified customers' reviews of your shop, or of its products",
        needs="a shop of yours with Verified by Customers on Heureka.cz or .sk; the address of one"
        " of its exports, export-review.php (shop) or export-product-review.php (products), without"
        " the key",
        gives="text with points for and against, half stars, author if given, time, your reply;"
        " delivery time, parcel, web and communication as sub-ratings; the product and its page",
        example_url="https://www.heureka.cz/direct/dotaznik/export-review.php",
        secrets={
            "key": SecretNeed(
                "the shop's key of 32 letters and digits, from the shop's administration on Heureka"
                " (Verified by Customers, export of reviews)"
            )
        },
        options={
            "days": Option(
                "of product reviews, read back this many days, 90 if not said; shop reviews are"
                " always a whole file",
                "number",
            )
        },
        terms="Heureka gives the exports to the shop's owner, and makes them anew every six hours:"
        " more often makes no sense. Its terms say where you may show the reviews.",
    ),
    Kind(
        name="zbozi",
        what="Zboží.cz: customers' reviews of your shop, through the Sklik API",
        needs="a shop of yours on Zboží.cz; the address with its number as premiseId",
        gives="points for and against, satisfaction in three steps (yes, yes_but, no), author,"
        " time, your reply; delivery time, parcel and communication as sub-ratings",
        example_url="https://api.sklik.cz/v1/nakupy/reviews/?premiseId=123456",
        secrets={
            "token": SecretNeed(
                "a refresh token of the API: Sklik.cz, account settings, API access"
            )
        },
        options={
            "days": Option(
                "read back this many days, 90 if not said; a back-fill reads all", "number"
            ),
            "max_pages": _MAX_PAGES,
        },
        terms="The API is the shop owner's; one request a second is allowed, which is kept to."
        " Three steps are no stars: they are counted on a scale of their own.",
    ),
    Kind(
        name="google_business",
        what="Google Maps: reviews of a place of yours, through the Business Profile API",
        needs="a verified place, a Google Cloud project that Google has given access to the API,"
        " and the place's address in the API",
        gives="text as written, without Google's translation, stars, author unless anonymous, times"
        " of writing and of the last edit, your reply with its time",
        example_url="https://mybusiness.googleapis.com/v4/accounts/1234567890/locations/9876543210",
        secrets={
            "client_id": SecretNeed(
                "the id of an OAuth client of your project: console.cloud.google.com, Credentials,"
                " Create credentials, OAuth client ID",
                required=False,
            ),
            "client_secret": SecretNeed("the secret of that client", required=False),
            "refresh_token": SecretNeed(
                "what Google gave that client for offline access with the scope business.manage;"
                " while the consent screen is in testing it lives for seven days",
                required=False,
            ),
            "token": SecretNeed(
                "in place of the three: an access token with that scope; it lives for an hour: keep"
                " it as file:PATH and let a job of yours renew the file",
                required=False,
            ),
        },
        secret_sets=(("client_id", "client_secret", "refresh_token"), ("token",)),
        options={
            "place": Option("name of the place, as it should stand beside each of its reviews"),
            "days": Option(
                "read back this many days, 30 if not said; a back-fill reads all", "number"
            ),
            "max_pages": _MAX_PAGES,
        },
        terms="Only for places that you manage. Google's policies for the API limit how long and"
        " for what its contents may be kept: read them.",
    ),
)
