"""The sections of a session description (RFC 8866) that are changed or asked for by themselves."""

import re
from typing import Final

PICTURES: Final = re.compile(r"^m=video .*?(?=^m=|\Z)", re.ASCII | re.DOTALL | re.MULTILINE)
"""Each that is about pictures, from its first line to the next section."""
