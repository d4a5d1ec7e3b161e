"""Text that is read only where it is asked for."""

import json

import msgspec
import pytest

from kiosk.wire.secret import Secret


def test_a_secret_prints_as_dots_and_reveals_its_text() -> None:
    secret = Secret("4711")
    assert f"{secret} {secret!r} {[secret]} %s" % secret == "••• ••• [•••] •••"
    assert secret.reveal() == "4711"


def test_secrets_are_equal_by_their_text() -> None:
    assert Secret("a") == Secret("a")
    assert Secret("a") != Secret("b")
    assert Secret("a") != "a"
    assert len({Secret("a"), Secret("a"), Secret("b")}) == 2


@pytest.mark.parametrize("write", [json.dumps, msgspec.json.encode, msgspec.to_builtins])
def test_no_other_encoder_writes_a_secret_out(write: object) -> None:
    assert callable(write)
    with pytest.raises(TypeError):
        write(Secret("4711"))
