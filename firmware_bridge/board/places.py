"""Where on a board something is: the four tables of Modbus, and an address in one of them."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

Table: TypeAlias = Literal["coil", "discrete_input", "input_register", "holding_register"]

REGISTERS = ("input_register", "holding_register")
"""Have 16 bits in each place; the others have one."""


@dataclass(frozen=True, slots=True)
class Place:
    """A coil, an input or a register; `address` is the one on the line, which counts from 0."""

    table: Table
    address: int

    def __str__(self) -> str:
        return f"{self.table} {self.address}"
