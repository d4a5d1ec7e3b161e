"""What a visit left behind: in logs, in the service's database, in the terminal's own files."""

from pathlib import Path

from kiosk.sandbox.trial import Trial


def left_in(*tops: Path) -> dict[str, bytes]:
    """All that is written below these folders, file by file."""
    return {
        str(path): path.read_bytes()
        for top in tops
        for path in sorted(top.rglob("*"))
        if path.is_file()
    }


def left_by(trial: Trial) -> dict[str, bytes]:
    """Logs, the service's database, and the terminal's own outbox and journals."""
    return left_in(trial.logs, trial.run / "state")
