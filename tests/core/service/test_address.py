"""Requests go below the configured address, and nowhere else."""

from urllib.parse import urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kiosk.core.service.address import address_of
from kiosk.errors import ServiceError

HERE = address_of("https://visits.example:8443/prison/")


def test_an_operation_lies_below_the_address() -> None:
    assert HERE.operation("visits", "v1", "join") == (
        "https://visits.example:8443/prison/terminal/v1/visits/v1/join"
    )
    assert HERE.origin == (True, "visits.example", 8443)


@pytest.mark.parametrize(
    ("url", "port"),
    [("http://a", 80), ("https://a", 443), ("https://a:1", 1), ("http://[::1]:2", 2)],
)
def test_a_port_is_known_without_being_said(url: str, port: int) -> None:
    assert address_of(url).port == port


@pytest.mark.parametrize(
    ("url", "whole"),
    [
        ("media/0", "https://visits.example:8443/prison/terminal/v1/media/0"),
        ("/media/0", "https://visits.example:8443/media/0"),
        ("//visits.example:8443/media/0", "https://visits.example:8443/media/0"),
        ("https://VISITS.example:8443/media/0", "https://VISITS.example:8443/media/0"),
        ("?a=b", "https://visits.example:8443/prison/terminal/v1/?a=b"),
    ],
)
def test_a_url_of_the_same_origin_is_made_whole(url: str, whole: str) -> None:
    assert HERE.own(url) == whole


@pytest.mark.parametrize(
    "url",
    [
        "http://visits.example:8443/",
        "https://visits.example/",
        "https://visits.example:8443@evil.example/",
        "https://evil.example#visits.example:8443",
        "https://visits.example.evil.example:8443/",
        "https://visits.example:0/",
        "//[",
        "javascript:alert(1)",
        "file:///etc/passwd",
        "https:/\\evil.example",
        "/media/0#there",
        "/media/\u0430",
        "/media/\x7f",
        "/me dia",
    ],
)
def test_any_other_url_is_refused(url: str) -> None:
    with pytest.raises(ServiceError, match="URL"):
        HERE.own(url)


@given(st.text(max_size=60))
@example("//visits.example:8443\t.evil.example")
@example("https:///evil.example")
def test_no_url_leads_to_another_origin(url: str) -> None:
    try:
        parts = urlsplit(HERE.own(url))
    except ServiceError:
        return
    assert (parts.scheme, parts.hostname, parts.port) == ("https", "visits.example", 8443)


def test_values_are_encoded_into_the_query() -> None:
    assert HERE.with_query("/a", hall="Hall A & B") == "/a?hall=Hall%20A%20%26%20B"
    assert HERE.with_query("/a?x=1", join_id="j") == "/a?x=1&join_id=j"
