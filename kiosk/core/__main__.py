"""`python -m kiosk.core --config FILE`."""

import sys

from kiosk.core.app import main

if __name__ == "__main__":
    sys.exit(main())
