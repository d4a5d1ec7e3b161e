"""The one bench of the call, the terminal beside Chromium: `python -m tests.bench [--links] [--quick]`.

Runs each of its parts as a program of its own, prints the table, and leaves it in `build/bench.md`
and all figures in `build/bench.json`. `--links` runs those of links and of scale instead, which leave
theirs in `build/links.json`.
"""

import argparse
import importlib.metadata
import json
import os
import platform
import subprocess
import sys
from collections.abc import Mapping
from typing import Any, Final

from kiosk.clock import Seconds
from tests.bench.figures import CLOCK, LINKS_FILE, leave_links
from tests.bench.table import family_markdown, markdown, missed, put_together
from tests.project import ROOT

PARTS: Final = ("visit", "loss", "send", "starved", "audio", "family")
LINKS: Final = ("links", "narrow", "janus", "service")
QUICK_S: Final[Seconds] = 480.0
"""A quick run takes no longer than that."""

PACKAGES: Final = ("aiortc", "aioice", "av", "kivy", "numpy")


def main() -> int:
    """0 when every part could be measured and every bar is met; a quick run is not judged."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench")
    parser.add_argument("--quick", action="store_true", help="fewer and shorter, in eight minutes")
    parser.add_argument("--links", action="store_true", help="how links hold and services scale")
    asked = parser.parse_args()
    quick = ["--quick"] if asked.quick else []
    if asked.links:
        return links(quick)
    options = ["--table", *quick]
    parts, runs, began_s = {}, {}, CLOCK.monotonic()
    for name in PARTS:
        runs[name] = run(name, options)
        if runs[name]["status"] == 0:
            parts[name] = json.loads(published(name))
    found = put_together(parts)
    took_s = round(CLOCK.monotonic() - began_s)
    found |= {"quick": asked.quick, "took_s": took_s, "runs": runs, "machine": machine()}
    leave(found)
    if asked.quick and took_s > QUICK_S:
        print(f"{took_s} s are long for a quick run: the machine was busy", file=sys.stderr)
    beyond = [] if asked.quick else missed(found)
    if beyond:
        print(f"beyond its bar: {', '.join(beyond)}", file=sys.stderr)
    return int(len(parts) < len(PARTS) or bool(beyond))


def links(options: list[str]) -> int:
    """How links hold and what a service carries: each part leaves its own figures, and none is old."""
    LINKS_FILE.unlink(missing_ok=True)
    began_s = CLOCK.monotonic()
    parts = {name: run(name, options) for name in LINKS}
    took_s = round(CLOCK.monotonic() - began_s)
    leave_links({"took_s": took_s, "parts": parts, "machine": machine()})
    print(LINKS_FILE.read_text(encoding="utf-8"))
    return int(any(part["status"] for part in parts.values()))


def run(name: str, options: list[str]) -> dict[str, Any]:
    """One part to its end: how it went, how long it took, and what else the machine did."""
    print(f"== {name}", file=sys.stderr, flush=True)
    began_s, load = CLOCK.monotonic(), os.getloadavg()[0]
    command = [sys.executable, "-m", f"tests.bench.bench_{name}", *options]
    status = subprocess.run(command, cwd=ROOT, stdout=subprocess.DEVNULL, check=False).returncode
    return {
        "status": status,
        "took_s": round(CLOCK.monotonic() - began_s),
        "load_before": round(load, 1),
        "load_after": round(os.getloadavg()[0], 1),
    }


def published(name: str) -> str:
    return (ROOT / f"build/bench-{name}.json").read_text(encoding="utf-8")


def machine() -> Mapping[str, Any]:
    """What ran, and on what."""
    chromium = ["chromium", "--version"]
    version = subprocess.run(chromium, capture_output=True, text=True, check=True).stdout.strip()
    return {
        "cpus": os.cpu_count(),
        "kernel": platform.release(),
        "python": platform.python_version(),
        "chromium": version,
        **{package: importlib.metadata.version(package) for package in PACKAGES},
    }


def leave(found: Mapping[str, Any]) -> None:
    table = "\n".join((markdown(found), family_markdown(found["family"])))
    (ROOT / "build/bench.json").write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    (ROOT / "build/bench.md").write_text(table, encoding="utf-8")
    print(table)


if __name__ == "__main__":
    sys.exit(main())
