"""What the program asks for: a resource registration, checked for options this engine does not handle."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from crossaccount.engine import property_path, values
from crossaccount.engine import urn as urns
from crossaccount.engine.aliases import Alias
from crossaccount.engine.errors import UnsupportedError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pulumi.runtime.proto import resource_pb2

_UNDERSTOOD = frozenset(
    {
        *("type", "name", "parent", "custom", "object", "protect", "provider", "providers", "dependencies"),
        *("propertyDependencies", "deleteBeforeReplace", "deleteBeforeReplaceDefined", "ignoreChanges"),
        *("version", "acceptSecrets", "acceptResources", "additionalSecretOutputs", "customTimeouts"),
        *("supportsPartialValues", "supportsResultReporting", "sourcePosition", "stackTrace"),
        *("retainOnDelete", "replaceOnChanges", "aliases", "importId", "id", "properties"),
    }
)
_OPTION_NAMES = {
    "aliasURNs": "aliases",
    "pluginDownloadURL": "plugin_download_url",
    "packageRef": "package reference",
    "remote": "remote component",
}
_ENGINE = Path(__file__).parent.as_uri() + "/"
_DURATION = re.compile(r"(\d+(?:\.\d*)?)(h|m|s|ms)")
_SECONDS = {"h": 3600.0, "m": 60.0, "s": 1.0, "ms": 0.001}


@dataclass(frozen=True, slots=True)
class Registration:
    """One resource of the program: its goal.

    Args:
        inputs: by camelCase name; secrets marked, unknowns the unknown marker.
        id: the id of a resource that is only read; empty for one that is managed.
        provider: the reference of an explicit provider; empty for the default one.
        import_id: the id of a live resource to take over; empty for one to create.
        aliases: what the resource may have been called before, as the program says.
        delete_before_replace: None when the program does not say.
        custom_timeouts: seconds by operation.
        source: where in the program, for messages: `__main__.py`, line 7.
        source_position: the same as the state holds it: `project:///__main__.py#7`.
        stack_trace: the calls of the project's own code that led there, innermost first, written alike.
    """

    urn: str
    type: str
    name: str
    custom: bool
    inputs: values.Properties
    id: str = ""
    parent: str = ""
    dependencies: tuple[str, ...] = ()
    property_dependencies: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    provider: str = ""
    version: str = ""
    protect: bool = False
    retain_on_delete: bool = False
    import_id: str = ""
    aliases: tuple[Alias, ...] = ()
    ignore_changes: tuple[str, ...] = ()
    replace_on_changes: tuple[str, ...] = ()
    delete_before_replace: bool | None = None
    additional_secret_outputs: tuple[str, ...] = ()
    custom_timeouts: Mapping[str, float] = field(default_factory=dict)
    source: str = ""
    source_position: str = ""
    stack_trace: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """The resource in the user's words, with its place in the program."""
        return f"`{self.name}` ({self.type})" + (f" at {self.source}" if self.source else "")


def from_request(
    request: resource_pb2.RegisterResourceRequest, project: str, stack: str, root: Path
) -> Registration:
    """Read a RegisterResource request.

    Args:
        request: what the SDK sent.
        project: the project's name.
        stack: the stack's name.
        root: the project's directory, which source positions are relative to.

    Raises:
        UnsupportedError: it carries an option that this engine does not handle; names the option.
    """
    path, line = _position(request.sourcePosition, root)
    registration = Registration(
        urn=urns.make(stack, project, request.parent, request.type, request.name),
        type=request.type,
        name=request.name,
        custom=request.custom,
        inputs=values.from_struct(request.object),
        parent=request.parent,
        dependencies=tuple(sorted(request.dependencies)),
        property_dependencies=_property_dependencies(request) if request.custom else {},
        provider=request.provider,
        version=request.version,
        protect=request.protect,
        retain_on_delete=request.retainOnDelete,
        import_id=request.importId,
        aliases=tuple(map(Alias.from_message, request.aliases)),
        ignore_changes=tuple(request.ignoreChanges),
        replace_on_changes=tuple(request.replaceOnChanges),
        delete_before_replace=request.deleteBeforeReplace if request.deleteBeforeReplaceDefined else None,
        additional_secret_outputs=tuple(request.additionalSecretOutputs),
        custom_timeouts=_timeouts(request),
        source=f"`{path}`, line {line}" if path else "",
        source_position=_written(path, line),
        stack_trace=_stack_trace(request.stackTrace, root),
    )
    _check_options(request, registration)
    _check_paths(registration)
    return registration


def from_read_request(
    request: resource_pb2.ReadResourceRequest, project: str, stack: str, root: Path
) -> Registration:
    """Read a ReadResource request: a lookup of a live resource by id (`Role.get`, `StackReference`).

    Raises:
        UnsupportedError: it carries an option that this engine does not handle.
    """
    path, line = _position(request.sourcePosition, root)
    registration = Registration(
        urn=urns.make(stack, project, request.parent, request.type, request.name),
        type=request.type,
        name=request.name,
        custom=True,
        inputs=values.from_struct(request.properties),
        id=request.id,
        parent=request.parent,
        dependencies=tuple(sorted(request.dependencies)),
        provider=request.provider,
        version=request.version,
        additional_secret_outputs=tuple(request.additionalSecretOutputs),
        source=f"`{path}`, line {line}" if path else "",
        source_position=_written(path, line),
        stack_trace=_stack_trace(request.stackTrace, root),
    )
    _check_options(request, registration)
    return registration


def _check_options(request: Any, registration: Registration) -> None:  # noqa: ANN401  two messages alike
    for descriptor, value in request.ListFields():
        name = descriptor.name
        if name in _UNDERSTOOD or not _is_set(value):
            continue
        option = _OPTION_NAMES.get(name, re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower())
        raise UnsupportedError(
            f"{registration.label} uses the option `{option}`, which the embedded engine does not handle; "
            "nothing was changed: leave it out, or use `pulumi up`"
        )


def _check_paths(registration: Registration) -> None:
    try:
        for text in registration.replace_on_changes:
            property_path.parse(text)
    except ValueError as error:
        raise UnsupportedError(f"{registration.label}: `replace_on_changes`: {error}") from None


def _is_set(value: Any) -> bool:  # noqa: ANN401  any protobuf field
    return bool(value.ListFields()) if hasattr(value, "ListFields") else bool(value)


def _property_dependencies(request: resource_pb2.RegisterResourceRequest) -> dict[str, tuple[str, ...]]:
    sent = request.propertyDependencies
    return {key: tuple(sorted(sent[key].urns)) for key in sorted(sent)}


def _timeouts(request: resource_pb2.RegisterResourceRequest) -> dict[str, float]:
    if not request.HasField("customTimeouts"):
        return {}
    given = {name: getattr(request.customTimeouts, name) for name in ("create", "update", "delete")}
    return {name: _seconds(text, request.name) for name, text in given.items() if text}


def _seconds(duration: str, name: str) -> float:
    parts = _DURATION.findall(duration)
    if "".join(number + unit for number, unit in parts) != duration:
        raise UnsupportedError(f"`{name}` has the custom timeout `{duration}`; write it as `1h30m` or `90s`")
    return sum(float(number) * _SECONDS[unit] for number, unit in parts)


def _position(position: Any, root: Path) -> tuple[str, int]:  # noqa: ANN401  the SDK's SourcePosition
    path = _in_project(position.uri, root)
    return (path, position.line) if path else ("", 0)


def _written(path: str, line: int) -> str:
    return f"project:///{path}#{line}" if path else ""


def _stack_trace(trace: Any, root: Path) -> tuple[str, ...]:  # noqa: ANN401  the SDK's StackTrace
    places = []
    for frame in trace.frames:
        if frame.pc.uri.startswith(_ENGINE):
            break  # what is further out called the program
        places.append(_position(frame.pc, root))
    return tuple(_written(*place) for place in places if place[0] and "site-packages/" not in place[0])


@lru_cache(maxsize=1024)
def _in_project(uri: str, root: Path) -> str:
    if not uri.startswith("file:"):
        return ""
    path = Path(unquote(urlsplit(uri).path))
    try:
        return path.relative_to(root).as_posix()
    except ValueError:
        return ""
