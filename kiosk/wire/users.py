"""Which user of this machine a setting means."""

import os
import pwd

from kiosk.errors import ConfigError


def uid_of(user: str | int | None, setting: str) -> int:
    """The uid of a user given by name or number, our own when none is given.

    Raises ConfigError, naming `setting`, for a name that this machine does not know.
    """
    match user:
        case None:
            return os.getuid()
        case int():
            return user
        case str():
            try:
                return pwd.getpwnam(user).pw_uid
            except KeyError as error:
                raise ConfigError(setting, [f"there is no user {user} on this machine"]) from error
