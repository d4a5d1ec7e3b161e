"""Every program that the code or a test starts is there once `make setup` has run."""

import ast
import re
from collections.abc import Iterator
from functools import cached_property

from tests.project import ROOT, modules

PACKAGE_OF = {
    "Xvfb": "xvfb",
    "chromium": "chromium",
    "espeak-ng": "espeak-ng",
    "ip": "iproute2",
    "janus": "janus",
    "libfaketime.so": "libfaketime",
    "make": "make",
    "nft": "nftables",
    "pacat": "pulseaudio-utils",
    "parec": "pulseaudio-utils",
    "pulseaudio": "pulseaudio",
    "systemd-analyze": "systemd",
    "tc": "iproute2",
    "turnserver": "coturn",
    "xdotool": "xdotool",
}
ALWAYS_THERE = {
    "bash": "bash",
    "cp": "coreutils",
    "dpkg-deb": "dpkg",
    "env": "coreutils",
    "false": "coreutils",
    "groupadd": "passwd",
    "nice": "coreutils",
    "python3": "what a set-up starts from",
    "setpriv": "util-linux",
    "sh": "dash",
    "true": "coreutils",
    "useradd": "passwd",
    "usermod": "passwd",
}
"""Of the packages that Debian calls essential or required."""

STARTS = {
    "alter",
    "asyncio.create_subprocess_exec",
    "self._run",
    "self.run",
    "shutil.which",
    "subprocess.Popen",
    "subprocess.run",
}
PATH = re.compile(r"(?:^|!)/(?:usr/)?s?bin/([\w.+-]+)")
LOADED = re.compile(r"^/?usr/lib/\S*/(lib[\w-]+\.so)")


class Module:
    """What one module starts: by these calls, or by its path wherever that is written."""

    def __init__(self, tree: ast.Module) -> None:
        self._tree = tree

    def started(self) -> Iterator[str]:
        for node in ast.walk(self._tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield from PATH.findall(node.value)
                yield from LOADED.findall(node.value)
            elif isinstance(node, ast.Call) and node.args and ast.unparse(node.func) in STARTS:
                yield from (name for name in self._first(node.args[0]) if "/" not in name)

    def _first(self, node: ast.expr | None) -> Iterator[str]:
        """The first word of a command, as far as this module says it."""
        match node:
            case ast.Constant(value=str(word)):
                yield word
            case ast.Tuple(elts=[first, *_]) | ast.List(elts=[first, *_]):
                yield from self._first(first)
            case ast.Starred(value=words):
                yield from self._first(words)
            case ast.Name(id=name) | ast.Call(func=ast.Name(id=name)):
                for value in self._values.get(name, ()):
                    yield from self._first(value)

    @cached_property
    def _values(self) -> dict[str, list[ast.expr | None]]:
        """What is assigned to each name, and returned by each function."""
        values: dict[str, list[ast.expr | None]] = {}
        for node in ast.walk(self._tree):
            match node:
                case (
                    ast.Assign(targets=[ast.Name(id=name)])
                    | ast.AnnAssign(target=ast.Name(id=name))
                ):
                    values.setdefault(name, []).append(node.value)
                case ast.FunctionDef(name=name):
                    returns = (each for each in ast.walk(node) if isinstance(each, ast.Return))
                    values.setdefault(name, []).extend(each.value for each in returns)
        return values


def set_up() -> set[str]:
    """The packages that `.ci/setup` names."""
    lists = re.findall(
        r"(?:PACKAGES=|wanted\+=)\((.*?)\)", (ROOT / ".ci/setup").read_text(), re.DOTALL
    )
    return {name for each in lists for name in re.sub("#.*", "", each).split()}


def test_every_program_that_is_started_is_of_a_package_that_is_set_up() -> None:
    started: dict[str, str] = {}
    for path, _, tree in modules("kiosk", "firmware_bridge", "tests", ".ci"):
        started |= dict.fromkeys(Module(tree).started(), path)
    unknown = {
        name: path for name, path in started.items() if name not in PACKAGE_OF | ALWAYS_THERE
    }
    assert not unknown
    assert set(PACKAGE_OF | ALWAYS_THERE) <= set(started)
    assert set(PACKAGE_OF.values()) <= set_up()
