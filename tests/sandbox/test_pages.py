"""What is served to browsers, and what comes with it."""

import re
from importlib.resources import files

import pytest
from aiohttp import ClientSession
from yarl import URL

from kiosk.sandbox.app import Sandbox

WEB = files("kiosk.sandbox").joinpath("web")


@pytest.mark.parametrize("path", ["visit", "officer", "family.js", "shared.css", "missing"])
async def test_every_reply_lets_nothing_in_and_nothing_out(
    session: ClientSession, sandbox: Sandbox, path: str
) -> None:
    async with session.get(URL(sandbox.officer_url).origin() / path) as reply:
        policy = reply.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "http" not in policy
        assert reply.headers["Cache-Control"] == "no-store"
        assert reply.headers["Referrer-Policy"] == "no-referrer"
        assert reply.headers["X-Content-Type-Options"] == "nosniff"
        assert "aiohttp" not in reply.headers["Server"]


async def test_the_link_keeps_its_token_out_of_what_a_server_sees(sandbox: Sandbox) -> None:
    url = URL(sandbox.family_url("v1-sam-mum"))
    assert url.path == "/visit"
    assert not url.query_string
    assert len(url.fragment) >= 20
    assert url.fragment != URL(sandbox.family_url("v2-dan-mum")).fragment


def texts(*kinds: str) -> list[tuple[str, str]]:
    return [(file.name, file.read_text()) for file in WEB.iterdir() if file.name.endswith(kinds)]


def test_pages_bring_nothing_from_elsewhere_and_no_code_in_the_page() -> None:
    for name, text in texts(".html", ".css", ".js"):
        assert not re.search(r"https?://(?!www\.w3\.org)", text), name
        assert "innerHTML" not in text, name
        assert "eval(" not in text, name
    for name, text in texts(".html"):
        assert not re.search(r"<script(?![^>]*src=)|\son\w+=|\sstyle=", text), name


def test_every_part_that_a_page_asks_for_is_served(sandbox: Sandbox) -> None:
    from kiosk.sandbox.pages import page_routes

    served = {route.path for route in page_routes()}
    asked = {
        path
        for name, text in texts(".html", ".js")
        for path in re.findall(r'(?:src|href)="(/[^"]+)"', text)
        + [f"/{each}" for each in re.findall(r'from "\./([^"]+)"', text)]
    }
    assert asked <= served
    assert len(asked) >= 9


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize(
    ("text", "ground"),
    [
        ("ink", "ground"),
        ("ink", "paper"),
        ("soft", "ground"),
        ("soft", "paper"),
        ("main", "calm"),
        ("main", "ground"),
        ("main-ink", "main"),
        ("paper", "stop"),
        ("warn-ink", "warn"),
    ],
)
def test_text_is_readable_by_wcag_aa(text: str, ground: str) -> None:
    colours = dict(
        re.findall(r"--([a-z-]+): (#[0-9a-f]{6})", WEB.joinpath("shared.css").read_text())
    )
    assert contrast(colours[text], colours[ground]) >= 4.5
