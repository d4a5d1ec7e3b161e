"""`python -m kiosk.call --config FILE`."""

import sys

from kiosk.call.app import main

if __name__ == "__main__":
    sys.exit(main())
