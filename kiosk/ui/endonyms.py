"""What the languages of the screens are called by those who speak them, with a capital.

They are Babel's, and a test keeps them so. To ask it for fifteen names it reads all that it knows of
fifteen languages, which takes 50 ms and keeps 17 MB.
"""

from collections.abc import Mapping
from typing import Final

ENDONYMS: Final[Mapping[str, str]] = {
    "en": "English",
    "ar": "العربية",
    "cy": "Cymraeg",
    "es": "Español",
    "fr": "Français",
    "ga": "Gaeilge",
    "hi": "हिन्दी",
    "lt": "Lietuvių",
    "pl": "Polski",
    "pt": "Português",
    "ro": "Română",
    "sq": "Shqip",
    "uk": "Українська",
    "ur": "اردو",
    "vi": "Tiếng Việt",
}
