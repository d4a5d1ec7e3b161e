"""`python -m kiosk.ui --config FILE`."""

import sys

from kiosk.ui.app import main

if __name__ == "__main__":
    sys.exit(main())
