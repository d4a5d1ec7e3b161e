"""The contract with the visit service as something that requests and replies can be held against.

For the sandbox, `contract-check` and tests: it needs PyYAML and jsonschema, which a terminal does
not carry, so nothing that runs on a terminal imports it.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from importlib.resources import files
from typing import Any, cast
from urllib.parse import unquote
from uuid import UUID

import yaml
from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import ValidationError
from jsonschema.validators import extend
from referencing import Registry
from referencing.jsonschema import DRAFT202012

ROOT = "/terminal/v1"
"""Where the operations live under a service's address."""

MAX_REPLY_BYTES = 262_144
MAX_BOOKINGS_BYTES = 4_194_304

_DOCUMENT = "visit-service:contract"
_RFC3339 = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)")
_FORMATS = FormatChecker(formats=())


@_FORMATS.checks("date-time", raises=ValueError)
def _is_instant(value: object) -> bool:
    if not isinstance(value, str):
        return True
    if not _RFC3339.fullmatch(value) or not value.isascii():
        return False
    datetime.fromisoformat(value.upper())
    return True


@_FORMATS.checks("uuid", raises=ValueError)
def _is_uuid(value: object) -> bool:
    return not isinstance(value, str) or str(UUID(value)) == value.lower()


def _matches(_: Any, pattern: str, value: object, __: Any) -> Iterator[ValidationError]:
    """ECMA-262's `$` is the end of the text; Python's would also let a line break by."""
    if isinstance(value, str) and not re.search(re.sub(r"\$$", r"\\Z", pattern), value):
        yield ValidationError("does not match")


_Validator: Any = cast(Any, extend)(Draft202012Validator, {"pattern": _matches})


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of the contract, with the values its path was called with."""

    id: str
    path: str
    values: Mapping[str, str]
    definition: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _Route:
    method: str
    path: str
    pattern: re.Pattern[str]
    definition: Mapping[str, Any]


class Contract:
    """`openapi.yaml`, ready to be asked what is wrong with a request, a reply or an event."""

    def __init__(self) -> None:
        text = files("kiosk.core").joinpath("openapi.yaml").read_text(encoding="utf-8")
        self._document: dict[str, Any] = yaml.safe_load(text)
        resource = DRAFT202012.create_resource(self._document)
        self._registry: Registry[Any] = Registry().with_resource(_DOCUMENT, resource)
        self._routes = [
            _Route(method.upper(), path, _pattern(path), definition)
            for path, methods in self._document["paths"].items()
            for method, definition in methods.items()
        ]
        self._validators: dict[str, Any] = {}

    @property
    def operations(self) -> tuple[str, ...]:
        """The id of every operation."""
        return tuple(route.definition["operationId"] for route in self._routes)

    @property
    def events(self) -> tuple[str, ...]:
        """The name of every server-sent event."""
        return tuple(self._events())

    def operation(self, method: str, path: str) -> Operation | None:
        """What `method` on `path` (percent-encoded, below ROOT) asks for; None when nothing."""
        for route in self._routes:
            matched = route.pattern.fullmatch(path)
            if matched and route.method == method.upper():
                values = {name: unquote(text) for name, text in matched.groupdict().items()}
                return Operation(
                    route.definition["operationId"], route.path, values, route.definition
                )
        return None

    def methods(self, path: str) -> tuple[str, ...]:
        """The methods that `path` knows."""
        return tuple(route.method for route in self._routes if route.pattern.fullmatch(path))

    def faults_of_request(
        self,
        operation: Operation,
        headers: Mapping[str, str],
        query: Mapping[str, str],
        body: bytes,
    ) -> list[str]:
        """What is wrong with a request, each fault beginning with the clause it breaks."""
        headers = _lower(headers)
        faults = self._parameter_faults(operation, headers, query)
        expected = operation.definition.get("requestBody")
        if expected is None:
            return faults + ([f"{operation.id}.body: none is expected"] if body else [])
        if not body and not expected["required"]:
            return faults
        where = f"{operation.id}.body"
        return faults + self._content_faults(where, expected["content"], headers, body)

    def faults_of_reply(
        self, operation: Operation, status: int, headers: Mapping[str, str], body: bytes
    ) -> list[str]:
        """What is wrong with a reply, each fault beginning with the clause it breaks."""
        headers = _lower(headers)
        where = f"{operation.id}.{status}"
        if 300 <= status < 400:
            return [f"{where}: redirects are not allowed"]
        replies = operation.definition["responses"]
        expected = replies.get(str(status)) or (replies["default"] if status >= 400 else None)
        if expected is None:
            return [f"{where}: is not a status of this operation"]
        expected = self._resolve(expected)
        faults = self._size_faults(where, operation, body)
        for name, header in expected.get("headers", {}).items():
            faults += self._header_faults(f"{where}.{name}", header, headers.get(name.lower()))
        if "content" not in expected:
            return faults + ([f"{where}.body: none is expected"] if body else [])
        if faults:
            return faults
        return self._content_faults(where, expected["content"], headers, body)

    def faults_of_event(self, name: str, data: str) -> list[str]:
        """What is wrong with a server-sent event."""
        if name not in self._events():
            return [f"events.{name}: is not an event"]
        value, fault = _read_json(data.encode())
        if fault:
            return [f"events.{name}: {fault}"]
        pointer = _pointer("paths", "/events", "get", "x-events", name)
        return self._value_faults(f"events.{name}", pointer, value)

    def faults_of(self, schema: str, value: Any) -> list[str]:
        """What is wrong with `value` as the component schema of that name."""
        return self._value_faults(schema, _pointer("components", "schemas", schema), value)

    def _events(self) -> Mapping[str, Any]:
        events: Mapping[str, Any] = self._document["paths"]["/events"]["get"]["x-events"]
        return events

    def _parameter_faults(
        self, operation: Operation, headers: Mapping[str, str], query: Mapping[str, str]
    ) -> list[str]:
        faults: list[str] = []
        known: set[str] = set()
        given = {"header": headers, "query": query, "path": operation.values}
        for parameter in map(self._resolve, operation.definition.get("parameters", ())):
            name, place = parameter["name"], parameter["in"]
            known.add(name)
            found = given[place].get(name.lower() if place == "header" else name)
            where = f"{operation.id}.{name}"
            faults += self._header_faults(where, parameter, found)
        return faults + [
            f"{operation.id}.{name}: is unknown" for name in query if name not in known
        ]

    def _header_faults(
        self, where: str, definition: Mapping[str, Any], found: str | None
    ) -> list[str]:
        if found is None:
            return [f"{where}: is missing"] if definition.get("required") else []
        return self._schema_faults(where, definition["schema"], found)

    def _content_faults(
        self, where: str, content: Mapping[str, Any], headers: Mapping[str, str], body: bytes
    ) -> list[str]:
        kind = headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind not in content:
            return [f"{where}: Content-Type must be {' or '.join(content)}"]
        if "json" in kind:
            value, fault = _read_json(body)
        else:
            value, fault = _read_text(body)
        if fault:
            return [f"{where}: {fault}"]
        return self._schema_faults(where, content[kind]["schema"], value)

    def _size_faults(self, where: str, operation: Operation, body: bytes) -> list[str]:
        limit = MAX_BOOKINGS_BYTES if operation.path == "/bookings" else MAX_REPLY_BYTES
        return [f"{where}: is longer than {limit} bytes"] if len(body) > limit else []

    def _resolve(self, definition: Mapping[str, Any]) -> Mapping[str, Any]:
        if "$ref" not in definition:
            return definition
        found: Any = self._document
        for step in definition["$ref"].removeprefix("#/").split("/"):
            found = found[step]
        resolved: Mapping[str, Any] = found
        return resolved

    def _schema_faults(self, where: str, schema: Mapping[str, Any], value: Any) -> list[str]:
        if "$ref" in schema:
            return self._value_faults(where, schema["$ref"].removeprefix("#"), value)
        return _named(where, _Validator(schema, format_checker=_FORMATS), value)

    def _value_faults(self, where: str, pointer: str, value: Any) -> list[str]:
        if pointer not in self._validators:
            schema = {"$ref": f"{_DOCUMENT}#{pointer}"}
            self._validators[pointer] = _Validator(
                schema, registry=self._registry, format_checker=_FORMATS
            )
        return _named(where, self._validators[pointer], value)


def _named(where: str, validator: Any, value: Any) -> list[str]:
    """The faults by place and rule; never the value itself, which may be a card or a PIN."""
    errors = sorted(validator.iter_errors(value), key=lambda error: error.json_path)
    faults = [f"{where}{error.json_path[1:]}: {_broken_rule(error)}" for error in errors]
    return list(dict.fromkeys(faults))


def _broken_rule(error: ValidationError) -> str:
    rule, limit, instance = (
        error.validator,
        cast(Any, error.validator_value),
        cast(Any, error.instance),
    )
    if rule == "required":
        return f"{', '.join(name for name in limit if name not in instance)} missing"
    if rule == "additionalProperties":
        known = error.schema.get("properties", {}) if isinstance(error.schema, Mapping) else {}
        return f"{sum(name not in known for name in instance)} unknown field(s)"
    return f"breaks {rule} {json.dumps(limit)[:200]}"


def _pattern(path: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", path))


def _pointer(*steps: str) -> str:
    return "".join("/" + step.replace("~", "~0").replace("/", "~1") for step in steps)


def _lower(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}


def _read_text(body: bytes) -> tuple[str, str | None]:
    try:
        return body.decode("utf-8"), None
    except UnicodeDecodeError:
        return "", "is not UTF-8"


def _read_json(body: bytes) -> tuple[Any, str | None]:
    try:
        text = body.decode("utf-8")
        return json.loads(text, parse_constant=_refuse, object_pairs_hook=_once), None
    except UnicodeDecodeError:
        return None, "is not UTF-8"
    except (ValueError, RecursionError):
        return None, "is not JSON"


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is not JSON")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a field is given twice")
    return found
