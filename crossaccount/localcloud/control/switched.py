"""The side door's requests about what a test switches on: faults, late visibility, observing, a record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crossaccount.localcloud.control.bodies import fields
from crossaccount.localcloud.errors import ApiError
from crossaccount.localcloud.render import Response

if TYPE_CHECKING:
    from collections.abc import Callable

    from crossaccount.localcloud.cloud import Cloud
    from crossaccount.localcloud.wire import Wire

_FAULT_FORM = (
    '`{"kind": "refuse|throttle|5xx-before|5xx-after-commit|cut-body|slow"}` and, optional, product, action, '
    "nth, times (0 for ever), status, code, message, seconds, retryAfter"
)
_FAULT_FIELDS: dict[str, tuple[type, ...]] = {
    "product": (str,),
    "action": (str,),
    "nth": (int,),
    "times": (int,),
    "status": (int,),
    "code": (str,),
    "message": (str,),
    "seconds": (int, float),
    "retryAfter": (int,),
}


def _faults(cloud: Cloud, _wire: Wire) -> dict[str, Any]:
    return {"faults": [fault.to_json() for fault in cloud.injections]}


def _add_fault(cloud: Cloud, wire: Wire) -> dict[str, Any]:
    body = fields(wire, {"kind": (str,)}, _FAULT_FIELDS, _FAULT_FORM)
    if "retryAfter" in body:
        body["retry_after"] = body.pop("retryAfter")
    if body.get("times") == 0:
        body["times"] = None
    try:
        return cloud.inject(**body).to_json()
    except ValueError as error:
        raise ApiError(400, "InvalidFault", str(error)) from None


def _clear_faults(cloud: Cloud, wire: Wire) -> dict[str, Any]:
    cloud.clear_faults()
    return _faults(cloud, wire)


def _consistency(cloud: Cloud, _wire: Wire) -> dict[str, Any]:
    late = cloud.consistency
    return {"visible": "late" if late.delays else "immediate", "reads": late.reads, "seconds": late.seconds}


def _delay(cloud: Cloud, wire: Wire) -> dict[str, Any]:
    form = '`{"reads": n}`, `{"seconds": t}`, or `{}` for immediate'
    body = fields(wire, {}, {"reads": (int,), "seconds": (int, float)}, form)
    try:
        cloud.delay_visibility(**body)
    except ValueError as error:
        raise ApiError(400, "InvalidConsistency", str(error)) from None
    return _consistency(cloud, wire)


def _at_once(cloud: Cloud, wire: Wire) -> dict[str, Any]:
    cloud.delay_visibility()
    return _consistency(cloud, wire)


def _observing(cloud: Cloud, _wire: Wire) -> dict[str, Any]:
    return {"observe": cloud.observe}


def _observe(cloud: Cloud, wire: Wire) -> dict[str, Any]:
    cloud.observe = fields(wire, {"observe": (bool,)}, {}, '`{"observe": true}` or false')["observe"]
    return _observing(cloud, wire)


def _recording(cloud: Cloud, _wire: Wire) -> Response:
    if cloud.recorder is None:
        raise ApiError(404, "NotRecording", "nothing is recorded; begin with `POST /_local/recording`")
    return Response(200, ((b"content-type", b"application/x-ndjson"),), cloud.recorder.lines())


def _record(cloud: Cloud, _wire: Wire) -> dict[str, Any]:
    cloud.record()
    return {"recording": True}


def _stop_recording(cloud: Cloud, _wire: Wire) -> dict[str, Any]:
    cloud.stop_recording()
    return {"recording": False}


ACTIONS: dict[tuple[str, str], Callable[[Cloud, Wire], dict[str, Any] | Response]] = {
    ("GET", "faults"): _faults,
    ("POST", "faults"): _add_fault,
    ("DELETE", "faults"): _clear_faults,
    ("GET", "consistency"): _consistency,
    ("POST", "consistency"): _delay,
    ("DELETE", "consistency"): _at_once,
    ("GET", "observe"): _observing,
    ("POST", "observe"): _observe,
    ("GET", "recording"): _recording,
    ("POST", "recording"): _record,
    ("DELETE", "recording"): _stop_recording,
}
