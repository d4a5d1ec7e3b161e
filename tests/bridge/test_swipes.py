"""Swipes out of bytes: told with the track that has the account, and once, whatever follows."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware_bridge.readers.line_profile import LineDecoder, LineSettings, decoder
from firmware_bridge.readers.magstripe import Track
from firmware_bridge.readers.reading import BadFrame, Reading
from firmware_bridge.readers.swipes import Swipes
from tests.bridge.frames import fed, heard, identifier, in_pieces, one_by_one

UNREAD = "E"
ENDS = ("", "\r", "\n", "\x03", "\r\x03", "\r\n")


def swipes(*tracks: Track) -> LineDecoder:
    """What reads the account from one of these tracks; as it is sold, from the second or first."""
    return decoder(
        LineSettings(name="door", port="/dev/x", profile="magstripe", tracks=tracks or (2, 1))
    )


def card(account: str) -> Reading:
    return identifier("magstripe", account)


@pytest.mark.parametrize(
    ("tracks", "raw"),
    [
        ((2, 1), b";77=1?"),
        ((2, 1), b"\x02%B66^X?;77=1?"),
        ((2, 1), b"%E?;77=1?"),
        ((2, 1), b"%77?;E?"),
        ((1,), b"%77?"),
        ((1, 2), b"%77?"),
        ((1, 2), b"%E?;77?"),
        ((3,), b"%66?;66?+77?"),
        ((1, 3), b";66?+77?"),
    ],
)
def test_a_card_is_told_with_the_last_sentinel_that_it_takes(
    tracks: tuple[Track, ...], raw: bytes
) -> None:
    reader = swipes(*tracks)
    assert reader.feed(raw[:-1]) == []
    assert reader.feed(raw[-1:]) == [card("77")]


@pytest.mark.parametrize(
    "rest",
    ["+88?", "+E?", "\r", "\x03", "\r\x03", "+88?\r\x03", "4", "+8", "x;88?", "\x8f", "9" * 999],
)
def test_what_follows_of_a_swipe_that_was_told_is_a_part_of_it(rest: str) -> None:
    reader = swipes()
    assert heard(reader, b"%66?;77?", *one_by_one(rest.encode("latin-1"))) == [card("77")]
    assert heard(reader, b"%66?;99?") == [card("99")]


def test_an_account_waits_for_a_track_that_would_be_taken_rather_than_its_own() -> None:
    reader = swipes(2, 1)
    assert reader.feed(b"%66?") == []
    assert reader.quiet() == [card("66")]
    assert reader.feed(b"%66?\r") == [card("66")]
    assert reader.feed(b"%66?;77?\r") == [card("77")]


def test_a_track_that_can_not_be_of_the_same_swipe_begins_the_next_one() -> None:
    assert swipes().feed(b";77?;88?%66?;99?") == [card("77"), card("88"), card("99")]
    assert swipes().feed(b"%66?%55?;E?") == [card("66"), card("55")]
    assert swipes(1).feed(b"%66?;77?+88?%55?") == [card("66"), card("55")]


def test_a_sentinel_within_a_track_begins_nothing() -> None:
    assert swipes().feed(b"%A%B;C+D?;77?") == [card("77")]


def test_a_swipe_that_was_not_read_is_told_at_its_end() -> None:
    reader = swipes(2)
    assert reader.feed(b"%66?;E?") == []
    assert reader.feed(b"\r") == [BadFrame("a track that could not be read")]
    assert reader.feed(b"%66?") == []
    assert reader.quiet() == [BadFrame("no track with the account")]


@pytest.mark.parametrize("raw", [b"\xff%66?;77?", b"%6\xff6?;77?", b"x;77?", b";77?".rjust(513)])
def test_what_comes_before_the_track_counts(raw: bytes) -> None:
    (found,) = heard(swipes(), raw)
    assert isinstance(found, BadFrame)


@dataclass(frozen=True)
class Stripe:
    """What a card has on its tracks: the account, and what follows it there; None is a bad read."""

    tracks: Mapping[Track, tuple[str, str] | None]

    def sent(self) -> str:
        return "".join(
            "%;+"[track - 1] + (UNREAD if content is None else "".join(content)) + "?"
            for track, content in sorted(self.tracks.items())
        )

    def account(self, taken: tuple[Track, ...]) -> str | None:
        """On the first of those taken that was read."""
        accounts = [content[0] for track in taken if (content := self.tracks.get(track))]
        return accounts[0].removeprefix("B") if accounts else None


def _with_rest(accounts: str, rest: str) -> st.SearchStrategy[tuple[str, str]]:
    return st.tuples(st.from_regex(accounts, fullmatch=True), st.from_regex(rest, fullmatch=True))


FIRST = _with_rest("B[0-9]{1,19}|[AC-DF-Z0-9][A-Z0-9-]{0,40}", r"|\^[A-Z0-9/ .^]{0,40}")
NUMERIC = _with_rest("[0-9]{1,37}", "|=[0-9=]{0,60}")
takes = st.permutations([1, 2, 3]).flatmap(
    lambda order: st.integers(1, 3).map(lambda count: tuple(order[:count]))
)
stripes = st.builds(
    Stripe,
    st.fixed_dictionaries(
        {}, optional={1: st.none() | FIRST, 2: st.none() | NUMERIC, 3: st.none() | NUMERIC}
    ),
)


def expected(stripe: Stripe, taken: tuple[Track, ...]) -> list[Reading]:
    if not stripe.tracks:
        return []
    if (account := stripe.account(taken)) is not None:
        return [card(account)]
    is_bad = any(track in stripe.tracks for track in taken)
    return [BadFrame("a track that could not be read" if is_bad else "no track with the account")]


@given(stripes, takes, st.sampled_from(["", "\x02"]), st.sampled_from(ENDS), st.data())
def test_a_stripe_is_read_as_it_was_written_in_any_pieces(
    stripe: Stripe, taken: tuple[Track, ...], begin: str, end: str, data: st.DataObject
) -> None:
    raw = f"{begin}{stripe.sent()}{end}".encode()
    assert heard(swipes(*taken), *data.draw(in_pieces(raw))) == expected(stripe, taken)


@given(st.lists(stripes, max_size=4), takes, st.sampled_from(ENDS[1:]), st.data())
def test_stripes_one_after_the_other_are_each_read_once(
    cards: list[Stripe], taken: tuple[Track, ...], end: str, data: st.DataObject
) -> None:
    raw = "".join(stripe.sent() + end for stripe in cards).encode()
    found = fed(swipes(*taken), data.draw(in_pieces(raw)))
    assert found == [reading for stripe in cards for reading in expected(stripe, taken)]


@given(st.lists(st.sampled_from([*"%;+?=E\r\x02", "12", "\xff", "x" * 200])), takes, st.data())
def test_pieces_do_not_matter(
    parts: list[str], taken: tuple[Track, ...], data: st.DataObject
) -> None:
    raw = "".join(parts).encode("latin-1")
    assert heard(swipes(*taken), *data.draw(in_pieces(raw))) == heard(swipes(*taken), raw)


def test_endless_noise_takes_no_memory() -> None:
    cut = Swipes((2, 1))
    for noise in (b";77?", b"x" * 9999, b"%" * 9999):
        for _ in range(50):
            cut.feed(noise)
        assert len(cut._lines.begun) <= 512
        assert all(sys.getsizeof(value) < 200 for value in vars(cut).values())
