"""Any value of any type that a message holds, made from the type itself."""

from datetime import UTC, datetime
from enum import Enum
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import msgspec
from hypothesis import strategies as st

from kiosk.wire.messages import Message
from kiosk.wire.secret import Secret
from kiosk.wire.vocabulary import AnyMessage

KINDS: tuple[type[Message], ...] = get_args(AnyMessage)

_SIMPLE: dict[Any, st.SearchStrategy[Any]] = {
    bool: st.booleans(),
    int: st.integers(-(2**63), 2**63 - 1),
    float: st.floats(allow_nan=False, allow_infinity=False),
    str: st.text(max_size=40),
    Secret: st.builds(Secret, st.text(max_size=40)),
    datetime: st.datetimes(timezones=st.just(UTC)),
    NoneType: st.none(),
}


def values_of(kind: Any) -> st.SearchStrategy[Any]:
    """Fails on a type that it does not know, so that no field is ever left out."""
    args = get_args(kind)
    origin = get_origin(kind)
    if kind in _SIMPLE:
        return _SIMPLE[kind]
    if origin is Annotated:
        return _as_constrained(*args)
    if origin is Literal:
        return st.sampled_from(args)
    if origin in (Union, UnionType):
        return st.one_of([values_of(arg) for arg in args])
    if origin is tuple and args[-1] is Ellipsis:
        return st.lists(values_of(args[0]), max_size=4).map(tuple)
    if origin is tuple:
        return st.tuples(*[values_of(arg) for arg in args])
    if origin is dict:
        return st.dictionaries(values_of(args[0]), values_of(args[1]), max_size=4)
    return _named(kind)


def _as_constrained(kind: Any, limit: msgspec.Meta) -> st.SearchStrategy[Any]:
    assert (kind, limit) == (str, msgspec.Meta(max_length=limit.max_length)), "no strategy for it"
    return st.text(max_size=limit.max_length)


def _named(kind: type) -> st.SearchStrategy[Any]:
    if issubclass(kind, Enum):
        return st.sampled_from(kind)
    if issubclass(kind, msgspec.Struct):
        fields = msgspec.structs.fields(kind)
        return st.builds(kind, **{field.name: values_of(field.type) for field in fields})
    raise AssertionError(f"no strategy for {kind}")


messages: st.SearchStrategy[Message] = st.one_of([values_of(kind) for kind in KINDS])


@st.composite
def in_pieces(draw: st.DrawFn, data: bytes) -> list[bytes]:
    """The same bytes as a stream may deliver them."""
    cuts = sorted(draw(st.lists(st.integers(0, len(data)), max_size=12)))
    return [data[a:b] for a, b in zip([0, *cuts], [*cuts, len(data)], strict=True)]
