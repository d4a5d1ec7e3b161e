"""`firmware-bridge` that waits for no slow reader: it asks at every speed, and simulated ones are quick."""

import sys

from firmware_bridge.__main__ import main
from firmware_bridge.commands import asking

if __name__ == "__main__":
    asking.ANSWER_S = 0.03
    sys.exit(main())
