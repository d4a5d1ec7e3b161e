"""Every device that can be simulated: a module here and a line in the table."""

from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from firmware_bridge.simulators import board, line, osdp
from firmware_bridge.simulators.device import SimulatedDevice
from firmware_bridge.simulators.pn532 import SimulatedPn532
from firmware_bridge.simulators.rdm6300 import SimulatedRdm6300
from firmware_bridge.simulators.twn4 import SimulatedTwn4


def _needs_nothing(parser: ArgumentParser) -> None:
    """Most devices have no choices."""


@dataclass(frozen=True, slots=True)
class Simulator:
    """`begin` makes the device anew each time it is plugged in, from the command's arguments."""

    help: str
    begin: Callable[[Namespace], SimulatedDevice]
    add_arguments: Callable[[ArgumentParser], None] = _needs_nothing
    words: str = "hold HEX [SECONDS], take"
    """What may be said to it."""


def _needs_crc(parser: ArgumentParser) -> None:
    parser.add_argument("--crc", action="store_true", help="send and want a CRC")


SIMULATORS: Mapping[str, Simulator] = {
    "board": Simulator(
        "a terminal board with Modbus RTU",
        lambda _: board.SimulatedBoard(partial(print, flush=True)),
        words=board.WORDS,
    ),
    "em4100_ascii": Simulator("an RDM6300", lambda _: SimulatedRdm6300()),
    "em4100_bare": Simulator("an EM-18", lambda _: SimulatedRdm6300(bare=True)),
    "line": Simulator("a reader of lines", lambda _: line.SimulatedLine(), words=line.WORDS),
    "osdp": Simulator("an OSDP reader (libosdp's own)", osdp.begin, osdp.add_arguments, osdp.WORDS),
    "pn532_hsu": Simulator("a PN532 on its serial line", lambda _: SimulatedPn532()),
    "twn4": Simulator("an Elatec TWN4", lambda options: SimulatedTwn4(crc=options.crc), _needs_crc),
}
"""By the name of the kind that the settings use."""
