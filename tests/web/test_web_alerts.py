from __future__ import annotations

import pytest
from starlette.testclient import TestClient
from web_reading import page, words
from web_shelf import ORIGIN, Shelf

from monitor.web.security import COOKIE, FIELD

OWN = {"Origin": ORIGIN, "Sec-Fetch-Site": "same-origin"}


def _fields(client: TestClient, url: str = "/alerts/1") -> dict[str, str]:
    """The fields of the page's form as a browser would send them."""
    form = page(client, url).xpath("//form[@method='post']")[0]
    fields = {one.attrib["name"]: one.attrib.get("value", "") for one in form.xpath(".//input")}
    return fields | {"by": "Petra", "note": "=I call them"}


def _state(shelf: Shelf, alert_id: int) -> tuple[object, ...]:
    row = shelf.store.rows(
        "SELECT state, acknowledged_by, resolved_by, note FROM alerts WHERE id = ?", (alert_id,)
    )[0]
    return tuple(row)


def test_alert_is_acknowledged_then_resolved(client: TestClient, shelf: Shelf) -> None:
    fields = _fields(client)
    done = client.post("/alerts/1/acknowledge", data=fields, headers=OWN)
    assert done.status_code == 303
    assert _state(shelf, 1) == ("acknowledged", "Petra", None, "=I call them")
    after = page(client, done.headers["location"])
    assert words(after.xpath("//*[@role='status']")[0]) == "Acknowledged."
    assert not after.xpath("//button[text()='Acknowledge']")

    fields = _fields(client, "/alerts") | {"by": "Omid", "note": ""}
    done = client.post("/alerts/1/resolve", data=fields, headers=OWN)
    assert done.headers["location"] == "/alerts?done=resolve"
    assert _state(shelf, 1) == ("resolved", "Petra", "Omid", "=I call them")
    assert "/alerts/1" not in page(client, "/alerts").xpath("//li//h2/a/@href").getall()
    assert "/alerts/1" in page(client, "/alerts?state=resolved").xpath("//li//h2/a/@href").getall()


def test_alert_that_somebody_resolved_meanwhile_is_a_conflict(
    client: TestClient, shelf: Shelf
) -> None:
    fields = _fields(client)
    client.post("/alerts/1/resolve", data=fields, headers=OWN)
    late = client.post("/alerts/1/resolve", data=fields, headers=OWN)
    assert late.status_code == 409
    assert "Alert 1 is resolved already." in late.text


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:9999"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Origin": ORIGIN, "Sec-Fetch-Site": "same-site"},
    ],
)
def test_form_of_another_site_is_refused(
    client: TestClient, shelf: Shelf, headers: dict[str, str]
) -> None:
    fields = _fields(client)
    response = client.post("/alerts/1/resolve", data=fields, headers=headers)
    assert response.status_code == 403
    assert _state(shelf, 1)[0] == "open"


@pytest.mark.parametrize("token", ["", "x", "é", "0" * 64])
def test_form_without_our_token_is_refused(client: TestClient, shelf: Shelf, token: str) -> None:
    fields = _fields(client) | {FIELD: token}
    assert client.post("/alerts/1/resolve", data=fields, headers=OWN).status_code == 403
    assert _state(shelf, 1)[0] == "open"


def test_token_of_another_browser_is_refused(client: TestClient, shelf: Shelf) -> None:
    fields = _fields(client)
    client.cookies.clear()
    assert client.post("/alerts/1/resolve", data=fields, headers=OWN).status_code == 403
    client.cookies.set(COOKIE, "a" * 43)
    assert client.post("/alerts/1/resolve", data=fields, headers=OWN).status_code == 403
    assert _state(shelf, 1)[0] == "open"


def test_form_is_checked(client: TestClient, shelf: Shelf) -> None:
    fields = _fields(client)

    def status(url: str, **changed: str) -> int:
        return client.post(url, data=fields | changed, headers=OWN).status_code

    assert status("/alerts/1/resolve", by="  ") == 400
    assert status("/alerts/1/resolve", by="x" * 81) == 400
    assert status("/alerts/1/resolve", note="x" * 100_000) == 413
    assert status("/alerts/1/explode") == 404
    assert status("/alerts/999/resolve") == 404
    as_json = client.post("/alerts/1/resolve", json=fields, headers=OWN)
    assert as_json.status_code == 415
    assert client.get("/alerts/1/resolve").status_code == 405
    assert _state(shelf, 1)[0] == "open"


def test_cookie_is_kept_from_scripts_and_other_sites(client: TestClient) -> None:
    cookie = client.get("/alerts").headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "samesite=strict" in cookie.lower()
