"""`python -m kiosk.sandbox`: the embedded visit service by itself."""

import sys

from kiosk.sandbox.command import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
