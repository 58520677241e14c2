"""What the spiders with an owner's key bring home from real local servers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import owner_sites as sites
import pytest
from crawl_process import Crawled, crawl, source
from faulty_sites import Site, serving

from monitor.collect import judge
from monitor.normalise.ratings import parse_rating
from monitor.records import RawItem

EXPORT = "/direct/dotaznik/export-review.php"
PRODUCTS = "/direct/dotaznik/export-product-review.php"
PLACE = "/v4/accounts/1/locations/2"
KEYS = {"heureka": "key", "zbozi": "token", "google_business": "token"}


class World:
    """The three services, served, and what one crawl of them gave."""

    def __init__(self, crawled: Crawled, served: dict[str, type[Site]]) -> None:
        self.crawled = crawled
        self.served = served

    def ids(self, name: str) -> list[str]:
        return [item["native_id"] for item in self.crawled.items(name)]

    def items(self, name: str) -> list[RawItem]:
        lines = self.crawled.items(name)
        return [RawItem(**{k: v for k, v in one.items() if k != "type"}) for one in lines]

    def state(self, name: str) -> tuple[str, str | None]:
        """(state, first error) as the application gets them."""
        items, rejects = len(self.crawled.items(name)), len(self.crawled.rejects(name))
        stats = self.crawled.stats(name)
        return judge(stats, items, rejects, used_to_yield=False), stats["first_error"]


SOURCES: dict[str, tuple[str, str, str, str | dict[str, str] | None, dict[str, Any]]] = {
    # name: (kind, server, address, secret, what else); several secrets by their names
    "shop": ("heureka", "HeurekaExports", EXPORT + "?key=of-old-times", sites.KEY, {}),
    "products": ("heureka", "HeurekaExports", PRODUCTS, sites.KEY, {"options": {"days": 10}}),
    "all-products": ("heureka", "HeurekaExports", PRODUCTS, sites.KEY, {"backfill": True}),
    "shop-bad-key": ("heureka", "HeurekaExports", EXPORT, "0" * 32, {}),
    "shop-no-key": ("heureka", "HeurekaExports", EXPORT, None, {}),
    "shop-wrong-page": ("heureka", "HeurekaExports", "/recenze/", sites.KEY, {}),
    "zbozi": ("zbozi", "Sklik", "/v1/nakupy/reviews/?premiseId=1", sites.REFRESH, {}),
    "zbozi-none": ("zbozi", "Sklik", "/v1/nakupy/reviews/?premiseId=2", sites.REFRESH, {}),
    "zbozi-foreign": ("zbozi", "Sklik", "/v1/nakupy/reviews/?premiseId=3", sites.REFRESH, {}),
    "zbozi-bad": ("zbozi", "Sklik", "/v1/nakupy/reviews/?premiseId=1", "refresh-unknown", {}),
    "zbozi-moved": ("zbozi", "Sklik", "/v1/nakupy/reviews/?premiseId=1", "refresh-moved", {}),
    "zbozi-nowhere": ("zbozi", "Sklik", "/v1/nakupy/reviews/", sites.REFRESH, {}),
    "place": ("google_business", "GoogleBusiness", "/v4/accounts/1/locations/2", sites.BEARER, {}),
    "place-client": ("google_business", "GoogleBusiness", PLACE, sites.CLIENT, {}),
    "place-both": (
        "google_business",
        "GoogleBusiness",
        PLACE,
        {**sites.CLIENT, "token": "ya29.yesterdays-token"},
        {},
    ),
    **{
        f"place-{name}": ("google_business", "GoogleBusiness", PLACE, sites.CLIENT | other, {})
        for name, other in {
            "revoked": {"refresh_token": "1//refresh-of-last-year"},
            "stranger": {"client_secret": "GOCSPX-of-somebody-else"},
            "moved": {"refresh_token": "1//moved"},
            "portal": {"refresh_token": "1//portal"},
        }.items()
    },
    "place-half": (
        "google_business",
        "GoogleBusiness",
        PLACE,
        {"client_id": "4711-client.apps.example.com"},
        {},
    ),
    "place-all": (
        "google_business",
        "GoogleBusiness",
        "/v4/accounts/1/locations/2/reviews",
        sites.BEARER,
        {"backfill": True},
    ),
    "place-foreign": (
        "google_business",
        "GoogleBusiness",
        "/v4/accounts/1/locations/403",
        sites.BEARER,
        {},
    ),
    "place-late": (
        "google_business",
        "GoogleBusiness",
        "/v4/accounts/1/locations/2",
        "ya29.yesterdays-token",
        {},
    ),
}


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder: Path = tmp_path_factory.mktemp("owner")
    with (
        serving(sites.HeurekaExports) as heureka,
        serving(sites.Sklik) as sklik,
        serving(sites.GoogleBusiness) as google,
    ):
        served = {kind.__name__: (here, kind) for here, kind in (heureka, sklik, google)}
        jobs, values = [], {}
        for name, (kind, server, path, secret, more) in SOURCES.items():
            given = secret if isinstance(secret, dict) else {KEYS[kind]: secret}
            references = {key: f"env:{name.upper()}" for key in given}
            url = served[server][0] + path
            jobs.append(source(folder, name, kind, url, secrets=references, **more))
            if secret:
                values[name] = given
        crawled = crawl(folder, jobs, values)
        assert crawled.exit_code == 0, crawled.stderr
        yield World(crawled, {name: kind for name, (_, kind) in served.items()})


def test_heureka_gives_shop_and_product_reviews_to_who_has_the_key(world: World) -> None:
    assert world.ids("shop") == ["1"]
    assert world.ids("products") == world.ids("all-products") == ["7"]
    rating = parse_rating(world.items("products")[0])
    assert (rating.value, rating.scale) == (2.5, "0.5-5")  # type: ignore[union-attr]
    asked = [parse_qs(urlsplit(path).query) for path in world.served["HeurekaExports"].asked]
    since = [query["from"][0] for query in asked if "from" in query]
    assert len(since) == 1, "a back-fill asks for everything"
    assert since[0].endswith(" 00:00:00")


def test_the_mark_of_an_unchanged_export_does_not_hold_the_key(world: World) -> None:
    ((address, mark),) = world.crawled.stats("shop")["validators"].items()
    assert address.endswith(EXPORT + "?key=***")
    assert mark["etag"] == '"v1"'


def test_zbozi_reads_all_pages_with_a_token_of_its_own(world: World) -> None:
    assert world.ids("zbozi") == ["3", "2", "1"]
    assert world.state("zbozi") == ("ok", None)
    ratings = [parse_rating(item) for item in world.items("zbozi")]
    assert [one.scale for one in ratings] == ["three-step"] * 3  # type: ignore[union-attr]
    assert [one.value for one in ratings] == [3, 2, 1]  # type: ignore[union-attr]


def test_zbozi_does_not_carry_its_secret_to_where_a_redirect_points(world: World) -> None:
    assert not any("/moved" in path for path in world.served["Sklik"].asked)
    assert world.state("zbozi-moved")[0] == "blocked"


def test_zbozi_says_with_404_that_there_are_none(world: World) -> None:
    assert world.state("zbozi-none")[0] == "empty"


def test_google_reads_as_far_back_as_asked(world: World) -> None:
    # All of the second page is too old: there the usual visit ends.
    assert world.ids("place") == ["r1", "r2", "r40", "r41"]
    assert world.ids("place-all") == ["r1", "r2", "r40", "r41", "r500", "r501"]


def test_google_exchanges_a_refresh_token_once_a_visit(world: World) -> None:
    for name in ("place-client", "place-both"):
        assert world.ids(name) == world.ids("place")
        assert world.state(name) == ("ok", None)
        assert world.crawled.stats(name)["requests"] == 3
    asked = world.served["GoogleBusiness"].asked
    assert sum(path == "/token" for path in asked) == 6, "once for each that has a client"
    assert not any("moved" in path for path in asked)


@pytest.mark.parametrize(
    ("name", "state", "said"),
    [
        ("shop-bad-key", "blocked", "HTTP 403 from"),
        ("shop-no-key", "unreachable", "MissingSecret: cannot be read: key (env:SHOP-NO-KEY)"),
        ("shop-wrong-page", "unreachable", "WrongAddress: "),
        ("zbozi-foreign", "blocked", "http 403, no access to the reviews of this shop: not your"),
        ("zbozi-bad", "blocked", "http 401, the login was refused, renew the secret `token`: Unkn"),
        ("zbozi-nowhere", "unreachable", "WrongAddress: "),
        ("place-foreign", "blocked", "http 403, this token has no access to the place"),
        ("place-late", "blocked", "http 401, the access token is not accepted"),
        ("place-revoked", "blocked", "http 400, the secret `refresh_token` has expired or was"),
        ("place-revoked", "blocked", "invalid_grant: Token has been expired or revoked: ***"),
        ("place-stranger", "blocked", "http 401, the secrets `client_id` and `client_secret` are"),
        ("place-moved", "broken", "LoginFailed: no access token from 127.0.0.1"),
        ("place-portal", "broken", "LoginFailed: no access token from 127.0.0.1"),
        ("place-half", "unreachable", "secrets are missing: client_id, client_secret, refresh_t"),
    ],
)
def test_a_refusal_is_a_state_with_its_reason(
    world: World, name: str, state: str, said: str
) -> None:
    found, error = world.state(name)
    assert found == state
    assert said in str(error)


def test_no_secret_is_in_any_file_or_in_the_log(world: World) -> None:
    secrets = [sites.KEY, sites.REFRESH, sites.ACCESS, sites.BEARER, "ya29.yester", "0" * 32]
    secrets += [*sites.CLIENT.values(), "1//refresh-of-last", "GOCSPX-of-some", "1//portal"]
    texts = [path.read_text("utf-8") for path in world.crawled.folder.iterdir()]
    for text in (*texts, world.crawled.stderr, world.crawled.stdout):
        assert [secret for secret in secrets if secret in text] == []
