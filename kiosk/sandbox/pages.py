"""Serves the web pages, with headers that let nothing in and nothing out."""

from collections.abc import Awaitable, Callable
from importlib.resources import files
from pathlib import Path

from aiohttp import web

_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "media-src 'self' blob:",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)

_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": _POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), microphone=(self), geolocation=()",
    "Referrer-Policy": "no-referrer",
    "Server": "visits",
    "X-Content-Type-Options": "nosniff",
}

_TRANSLATIONS = Path(__file__).resolve().parents[2] / "assets" / "translations"

_PARTS = (
    "icon.svg",
    "shared.css",
    "family.css",
    "family.js",
    "retry.js",
    "phrases.js",
    "media.js",
    "call.js",
    "line.js",
    "memory.js",
    "quality.js",
    "rates.js",
    "room.js",
    "browser.js",
    "tongue.js",
    "words.js",
    "officer.css",
    "officer.js",
    "desk.js",
    "watch.js",
    "helpline.css",
    "helpline.js",
)

_KINDS = {
    ".html": "text/html",
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
}


async def add_headers(_: web.Request, response: web.StreamResponse) -> None:
    """For the application's `on_response_prepare`: every reply carries them."""
    for name, value in _HEADERS.items():
        response.headers[name] = value


def page_routes() -> list[web.RouteDef]:
    """`/visit` for families and `/helpline` for who answers there, each link's token in its fragment,
    and `/officer`.
    """
    routes = [web.get(f"/{name}", _serve(name)) for name in _PARTS]
    return [
        web.get("/visit", _serve("family.html")),
        web.get("/officer", _serve("officer.html")),
        web.get("/helpline", _serve("helpline.html")),
        web.get("/tongues/{language}.json", _tongue),
        *routes,
    ]


def same_origin(request: web.Request) -> bool:
    """Whether a browser says that one of our own pages asks."""
    origin = request.headers.get("Origin", "")
    return origin in (f"{request.scheme}://{request.host}", f"https://{request.host}")


async def _tongue(request: web.Request) -> web.Response:
    """The translations of the family's page into one language, by their English."""
    language = request.match_info["language"]
    known = {
        path.parent.parent.name: path for path in _TRANSLATIONS.glob("*/LC_MESSAGES/family.json")
    }
    if language not in known:
        raise web.HTTPNotFound
    return web.Response(
        body=known[language].read_bytes(), content_type="application/json", charset="utf-8"
    )


def _serve(name: str) -> Callable[[web.Request], Awaitable[web.Response]]:
    kind = _KINDS[name[name.index(".") :]]

    async def serve(_: web.Request) -> web.Response:
        body = files("kiosk.sandbox").joinpath("web", name).read_bytes()
        return web.Response(body=body, content_type=kind, charset="utf-8")

    return serve
