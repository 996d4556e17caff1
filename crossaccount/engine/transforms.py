"""Transforms: functions of the program that change a resource's properties and options as it is registered.

The SDK hands the engine a token for each and keeps the function; the engine calls it back with a message.
Order, as in Pulumi: the resource's own, those of its parents from the nearest outwards, the stack's.

Source: Pulumi's `resource.proto`, `TransformRequest` and `TransformResponse`.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from google.protobuf import struct_pb2
from pulumi.runtime import _callbacks
from pulumi.runtime.proto import resource_pb2

from crossaccount.engine import values

if TYPE_CHECKING:
    from collections.abc import Iterator

_OUTPUT = "d0e6a833031e9bbcd3f4e8bde6ca49a4"  # the SDK's mark of an output
_ALIKE = {
    "depends_on": "dependencies",
    "ignore_changes": "ignoreChanges",
    "replace_on_changes": "replaceOnChanges",
    "additional_secret_outputs": "additionalSecretOutputs",
    "aliases": "aliases",
    "replace_with": "replace_with",
    "hide_diff": "hideDiffs",
    "version": "version",
    "provider": "provider",
    "plugin_download_url": "pluginDownloadURL",
    "deleted_with": "deletedWith",
    "import": "importId",
    "protect": "protect",
    "retain_on_delete": "retainOnDelete",
    "custom_timeouts": "customTimeouts",
    "providers": "providers",
    "hooks": "hooks",
    "replacement_trigger": "replacement_trigger",
}
"""Options of a transform by their field's name, with the name of the same field of a registration."""


def in_use() -> bool:
    """Whether the program of the running event loop has callbacks: a call then waits for that loop."""
    loop = asyncio.get_running_loop()
    return any(servicer._loop is loop for servicer in _servicers())  # noqa: SLF001  the SDK tells no one


class Transforms:
    """The transforms of one run. May be used from several threads at once."""

    def __init__(self) -> None:
        self._of_stack: list[str] = []
        self._of_resource: dict[str, tuple[str, tuple[str, ...]]] = {}

    def add_to_stack(self, token: str) -> None:
        """Run the transform of a token for every resource that is registered from now on."""
        self._of_stack.append(token)

    def remember(self, urn: str, request: resource_pb2.RegisterResourceRequest) -> None:
        """Keep what a registered resource hands down to its children."""
        self._of_resource[urn] = request.parent, _tokens(request)

    def applied(self, request: resource_pb2.RegisterResourceRequest) -> resource_pb2.RegisterResourceRequest:
        """Return a registration as its transforms leave it; the request itself when there are none.

        To be called outside the event loop's thread. What a transform raises comes out as it is.
        """
        tokens = [*_tokens(request), *self._inherited(request.parent), *self._of_stack]
        if not tokens:
            return request
        changed = resource_pb2.RegisterResourceRequest()
        changed.CopyFrom(request)
        changed.ClearField("transforms")
        for token in tokens:
            _apply(token, changed)
        return changed

    def _inherited(self, parent: str) -> Iterator[str]:
        while parent in self._of_resource:
            parent, tokens = self._of_resource[parent]
            yield from tokens


def _tokens(request: resource_pb2.RegisterResourceRequest) -> tuple[str, ...]:
    return tuple(each.token for each in request.transforms)


def _apply(token: str, request: resource_pb2.RegisterResourceRequest) -> None:
    asked = resource_pb2.TransformRequest(
        type=request.type,
        name=request.name,
        custom=request.custom,
        parent=request.parent,
        properties=_as_outputs(request),
        options=_options(request),
    )
    servicer = next(each for each in _servicers() if token in each._callbacks)  # noqa: SLF001  likewise
    call = servicer._callbacks[token](asked.SerializeToString())  # noqa: SLF001  without a socket between
    answer = asyncio.run_coroutine_threadsafe(call, servicer._loop).result()  # noqa: SLF001  likewise
    if answer.properties != asked.properties:
        request.object.CopyFrom(answer.properties)
        for name in set(request.propertyDependencies) - set(answer.properties.fields):
            del request.propertyDependencies[name]
        for name in answer.properties.fields:
            request.propertyDependencies[name].SetInParent()  # of nothing, where it is new
    if answer.HasField("options"):
        _take(answer.options, request)


def _servicers() -> list[Any]:
    """The SDK's keepers of callbacks; a program may have several, and the settings know the last at most."""
    return list(_callbacks._CallbackServicer._servicers)  # noqa: SLF001  likewise


def _as_outputs(request: resource_pb2.RegisterResourceRequest) -> struct_pb2.Struct:
    """The properties as a transform sees them: what is secret, unknown or of others is an output."""
    upgraded = struct_pb2.Struct()
    for name, value in request.object.fields.items():
        sent = request.propertyDependencies
        urns = sorted(sent[name].urns) if name in sent else []
        found = _upgraded(value, urns)
        upgraded.fields[name].CopyFrom(_output(found, urns) if urns and not _is_output(found) else found)
    return upgraded


def _upgraded(value: struct_pb2.Value, urns: list[str]) -> struct_pb2.Value:
    if value.string_value == values.UNKNOWN:
        return _output(None, urns)
    result = struct_pb2.Value()
    result.CopyFrom(value)
    fields = value.struct_value.fields
    if values.SIGNATURE in fields and fields[values.SIGNATURE].string_value == values.SECRET:
        inner = fields["value"]
        return _output(None if inner.string_value == values.UNKNOWN else inner, urns, secret=True)
    for key, each in fields.items():
        result.struct_value.fields[key].CopyFrom(_upgraded(each, urns))
    for place, each in enumerate(value.list_value.values):
        result.list_value.values[place].CopyFrom(_upgraded(each, urns))
    return result


def _is_output(value: struct_pb2.Value) -> bool:
    fields = value.struct_value.fields
    return values.SIGNATURE in fields and fields[values.SIGNATURE].string_value == _OUTPUT


def _output(value: struct_pb2.Value | None, urns: list[str], *, secret: bool = False) -> struct_pb2.Value:
    """The SDK's form of an output, without a value when it is unknown."""
    output = struct_pb2.Value()
    output.struct_value.update({values.SIGNATURE: _OUTPUT, "secret": secret, "dependencies": urns})
    if value is not None:
        output.struct_value.fields["value"].CopyFrom(value)
    return output


def _options(request: Any) -> resource_pb2.TransformResourceOptions:  # noqa: ANN401  fields by name
    options = resource_pb2.TransformResourceOptions()
    for name, sent in _ALIKE.items():
        _copy(request, sent, options, name)
    if request.deleteBeforeReplaceDefined:
        options.delete_before_replace = request.deleteBeforeReplace
    return options


def _take(options: resource_pb2.TransformResourceOptions, request: Any) -> None:  # noqa: ANN401  likewise
    for name, sent in _ALIKE.items():
        _copy(options, name, request, sent)
    request.deleteBeforeReplaceDefined = options.HasField("delete_before_replace")
    request.deleteBeforeReplace = options.delete_before_replace


def _copy(source: Any, name: str, target: Any, as_name: str) -> None:  # noqa: ANN401  two messages
    """Copy a field to another of the same kind; one that is not set is cleared."""
    target.ClearField(as_name)
    if name not in {descriptor.name for descriptor, _ in source.ListFields()}:
        return
    value, place = getattr(source, name), getattr(target, as_name)
    if hasattr(place, "MergeFrom"):
        place.MergeFrom(value)
    elif hasattr(place, "update"):
        place.update(value)
    else:
        setattr(target, as_name, value)
