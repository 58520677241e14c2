"""Local servers that answer as Heureka, Sklik and Google do to whoever has the right key."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlsplit

from faulty_sites import Site

KEY = "0a1b2c3d4e5f60718293a4b5c6d7e8f9"
REFRESH = "refresh-9f8e7d6c5b4a"
ACCESS = "access-1122334455"
BEARER = "ya29.bearer-a1b2c3d4"
CLIENT = {
    "client_id": "4711-client.apps.example.com",
    "client_secret": "GOCSPX-secret-of-the-client",
    "refresh_token": "1//refresh-0a1b2c3d",
}
"""What a Google client is known by, and what it was given."""


def ago(days: int) -> str:
    return datetime.fromtimestamp(time.time() - days * 86_400, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


class WithQuery(Site):
    """Knows the path and the query that it is asked with."""

    @property
    def query(self) -> dict[str, str]:
        return {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}

    def json(self, answer: Any, status: int = 200) -> None:
        self.send(json.dumps(answer), status, "application/json")


class HeurekaExports(WithQuery):
    """Both exports, for the right key; the shop's does not change."""

    def answer(self) -> None:
        if self.query.get("key") != KEY:
            self.send("Access denied", 403)
        elif "product" in self.path:
            reviews = "<review><rating_id>7</rating_id><rating>2.5</rating></review>"
            product = f"<product_name>Kettle</product_name><reviews>{reviews}</reviews>"
            self.send(f"<products><product>{product}</product></products>", 200, "text/xml")
        elif self.headers.get("If-None-Match") == '"v1"':
            self.send("", 304, ETag='"v1"')
        else:
            reviews = "<review><rating_id>1</rating_id><total_rating>4.5</total_rating></review>"
            self.send(f"<reviews>{reviews}</reviews>", 200, "text/xml", ETag='"v1"')


class Sklik(WithQuery):
    """Shop 1: three reviews on two pages (206, then 200). 2: none (404). Others: forbidden."""

    forms: ClassVar[list[str]]

    def do_POST(self) -> None:
        form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        self.asked.append(self.path)
        if form["refresh_token"] == ["refresh-moved"]:
            self.send_response(307)
            self.send_header("Location", "/moved")
            self.send_header("Content-Length", "0")
            self.end_headers()
        elif form["refresh_token"] == [REFRESH] and form["grant_type"] == ["refresh_token"]:
            self.json({"access_token": ACCESS, "token_type": "bearer", "expires_in": 300})
        else:
            self.json({"error": "invalid_grant", "error_description": "Unknown token"}, 401)

    def answer(self) -> None:
        if self.headers.get("Authorization") != f"Bearer {ACCESS}":
            self.json({"message": "Who are you?"}, 401)
        elif self.query["premiseId"] == "2":
            self.json({"message": "Not found"}, 404)
        elif self.query["premiseId"] != "1":
            self.json({"errors": [{"messages": ["not your shop"]}]}, 403)
        elif self.query["offset"] == "0":
            self.json({"items": [self.review(3), self.review(2)]}, 206)
        else:
            self.json({"items": [self.review(1)]})

    def review(self, number: int) -> dict[str, Any]:
        steps = {1: "no", 2: "yes_but", 3: "yes"}
        return {
            "shopReviewId": number,
            "createDatetime": ago(4 - number),
            "positiveComment": f"Good {number}",
            "satisfaction": {"overall": steps[number], "deliveryDate": "yes"},
        }


class GoogleBusiness(WithQuery):
    """Three pages, all but the first of long ago; place 403 is somebody else's.

    Its `/token` gives an access token for the right client and refresh token.
    """

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        form = {name: values[0] for name, values in parse_qs(body).items()}
        self.asked.append(self.path)
        token = form.get("refresh_token", "")
        if self.path != "/token" or form.get("grant_type") != "refresh_token":
            self.json({"error": "invalid_request"}, 400)
        elif form["client_secret"] != CLIENT["client_secret"]:
            said = "The provided client secret is invalid."
            self.json({"error": "invalid_client", "error_description": said}, 401)
        elif token == "1//moved":
            self.send("", 307, Location="/moved")
        elif token == "1//portal":
            self.send("<html><title>Welcome to our Wi-Fi</title></html>")
        elif form | CLIENT == form:
            self.json({"access_token": BEARER, "expires_in": 3599, "token_type": "Bearer"})
        else:
            said = f"Token has been expired or revoked: {token}"
            self.json({"error": "invalid_grant", "error_description": said}, 400)

    def answer(self) -> None:
        if self.headers.get("Authorization") != f"Bearer {BEARER}":
            self.error(401, "UNAUTHENTICATED", "Invalid credentials")
        elif "/locations/403/" in self.path:
            self.error(403, "PERMISSION_DENIED", "The caller does not have permission")
        else:
            page = {None: (1, 2), "two": (40, 41), "three": (500, 501)}
            days = page[self.query.get("pageToken")]
            following = {None: "two", "two": "three"}.get(self.query.get("pageToken"))
            reviews = [self.review(one) for one in days]
            self.json({"reviews": reviews, **({"nextPageToken": following} if following else {})})

    def error(self, code: int, status: str, message: str) -> None:
        self.json({"error": {"code": code, "status": status, "message": message}}, code)

    def review(self, days: int) -> dict[str, Any]:
        stars, at = "FOUR", ago(days)
        return {"reviewId": f"r{days}", "starRating": stars, "createTime": at, "updateTime": at}
