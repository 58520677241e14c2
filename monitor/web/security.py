"""What keeps other sites and texts away: headers, the Host check, the check of every POST.

There are no passwords yet, so the dashboard answers on this machine only. A browser on this machine
still visits foreign sites: they must neither read it (DNS rebinding: the Host check) nor post to it
(cross-site requests: Origin, Sec-Fetch-Site and a token).
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import re
import secrets
from urllib.parse import parse_qsl, urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

CSP = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self';"
    " frame-ancestors 'none'; base-uri 'none'"
)
FRAMING_CSP = CSP + "; frame-src 'self'"
"""Of the page that shows a digest in a frame."""
DIGEST_CSP = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self';"
    " base-uri 'none'; sandbox allow-popups"
)
"""Of a digest's own HTML: inline style as mail needs it, no script, an origin of its own."""
SVG_CSP = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"

_HEADERS = {
    "Content-Security-Policy": CSP,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # Not no-referrer: with that a browser sends `Origin: null` with our own forms.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cache-Control": "private, no-store",
}

COOKIE = "monitor_form"
FIELD = "form_token"


def is_local(host: str) -> bool:
    """True for `localhost` and loopback addresses: names that no other machine can have."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def secure(response: Response) -> Response:
    """The response with every security header that it does not set itself."""
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    return response


class LocalOnly:
    """Middleware: a foreign Host is refused, every answer gets the security headers."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_secured(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        if not is_local(_host_name(Headers(scope=scope).get("host", ""))):
            refusal = PlainTextResponse(
                "This dashboard answers only as localhost or 127.0.0.1.\n", status_code=421
            )
            await refusal(scope, receive, send_secured)
            return
        await self.app(scope, receive, send_secured)


def _host_name(header: str) -> str:
    try:
        return urlsplit(f"//{header}").hostname or ""
    except ValueError:
        return ""


class FormTokens:
    """Tokens for forms: the field holds a keyed digest of the browser's cookie.

    Cookies of localhost are seen by every port, so the cookie alone proves nothing: only this
    process can compute the field. A restart makes new keys, and open pages must be reloaded.
    """

    def __init__(self) -> None:
        self._key = secrets.token_bytes(32)

    def cookie_of(self, request: Request) -> str:
        """The browser's own random value, or a new one that the response must set."""
        value = request.cookies.get(COOKIE, "")
        return value if re.fullmatch(r"[\w-]{43}", value) else secrets.token_urlsafe(32)

    def field_for(self, cookie: str) -> str:
        return hmac.new(self._key, cookie.encode(), hashlib.sha256).hexdigest()

    def set_cookie(self, response: Response, cookie: str) -> None:
        response.set_cookie(COOKIE, cookie, httponly=True, samesite="strict", path="/")


async def checked_form(request: Request, tokens: FormTokens) -> dict[str, str]:
    """The fields of a POST from one of our own pages; raises 403 or 415 for any other."""
    _require_same_origin(request)
    if not request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        raise HTTPException(415, "Only plain forms are understood here.")
    body = (await request.body()).decode("utf-8", "replace")
    try:
        fields = dict(parse_qsl(body, keep_blank_values=True, max_num_fields=50))
    except ValueError as error:
        raise HTTPException(400, "This form has too many fields.") from error
    cookie = request.cookies.get(COOKIE, "")
    wanted = tokens.field_for(cookie)
    if not cookie or not hmac.compare_digest(wanted.encode(), fields.get(FIELD, "").encode()):
        raise HTTPException(403, "This form is out of date: open the page again and repeat it.")
    return fields


def _require_same_origin(request: Request) -> None:
    site = request.headers.get("sec-fetch-site")
    origin = request.headers.get("origin")
    own = f"{request.url.scheme}://{request.headers.get('host', '')}"
    foreign = (site is not None and site != "same-origin") or (origin is not None and origin != own)
    if foreign or (site is None and origin is None):
        raise HTTPException(403, "A form may only be sent from this dashboard's own pages.")
