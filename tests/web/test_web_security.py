from __future__ import annotations

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.testclient import TestClient
from web_shelf import ORIGIN, Shelf

from monitor.errors import UsageError
from monitor.web.server import listen


@pytest.mark.parametrize(
    "url", ["/", "/mentions?label=bad", "/nothing", "/static/style.css", "/mentions?format=csv"]
)
def test_every_answer_has_the_security_headers(client: TestClient, url: str) -> None:
    headers = client.get(url).headers
    assert headers["content-security-policy"] == (
        "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self';"
        " frame-ancestors 'none'; base-uri 'none'"
    )
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert headers["cache-control"] == "private, no-store"


@pytest.mark.parametrize(
    "host",
    ["evil.example", "evil.example:8080", "127.0.0.1.evil.example", "localhost.evil.example",
     "10.0.0.5", "", "[", "user@evil.example", "localhost@evil.example"],
)  # fmt: skip
def test_foreign_host_is_refused(client: TestClient, host: str) -> None:
    response = client.get("/mentions", headers={"Host": host})
    assert response.status_code == 421
    assert "Zelvano" not in response.text
    assert "content-security-policy" in response.headers


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:8080", "127.0.0.1:1", "[::1]:8080"])
def test_own_host_is_served(client: TestClient, host: str) -> None:
    assert client.get("/", headers={"Host": host}).status_code == 200


def test_digest_stands_in_a_frame_that_can_run_nothing(client: TestClient) -> None:
    page = client.get("/digests/1")
    assert '<iframe class="digest" sandbox="" src="/digests/1/body"' in page.text
    assert "frame-src 'self'" in page.headers["content-security-policy"]
    policy = client.get("/digests/1/body").headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "sandbox" in policy
    assert "script" not in policy
    assert "frame-ancestors 'self'" in policy


def test_page_that_fails_is_guarded_too_and_tells_nothing(app: Starlette, shelf: Shelf) -> None:
    def fail(request: Request) -> Response:
        raise ValueError("secret detail")

    app.add_route("/fails", fail)
    response = TestClient(app, base_url=ORIGIN, raise_server_exceptions=False).get("/fails")
    assert response.status_code == 500
    assert "This page failed" in response.text
    assert "secret detail" not in response.text
    assert "default-src 'none'" in response.headers["content-security-policy"]


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.5", "::", "example.com", ""])
def test_dashboard_is_never_shown_to_other_machines(host: str) -> None:
    with pytest.raises(UsageError, match="no passwords"):
        listen(host, 0)
