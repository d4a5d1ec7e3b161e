"""`python -m firmware_bridge run --config FILE`."""

import sys

from firmware_bridge.app import main

if __name__ == "__main__":
    sys.exit(main())
