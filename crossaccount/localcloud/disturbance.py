"""What a test may switch on, as steps in a way of their own: faults, late visibility, a record, observing.

The way is put together anew when something is switched; a cloud where nothing is switched on walks the
undisturbed way and pays for none of it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from crossaccount.localcloud import pipeline
from crossaccount.localcloud.consistency import is_read
from crossaccount.localcloud.pipeline import Way
from crossaccount.localcloud.render import error_response

if TYPE_CHECKING:
    from crossaccount.localcloud.cloud import Cloud
    from crossaccount.localcloud.pipeline import Exchange, Step
    from crossaccount.localcloud.render import Response

Finisher = Callable[["Exchange", "Response"], "Response"]
OBSERVE_HEADER = (b"x-local-cloud-mode", b"observe")
_REFUSED = 400
_BEFORE = {"refuse", "throttle", "5xx-before"}
_ROLE_ACCOUNT = re.compile(r"acs:ram:[^:]*:([0-9]{16}):", re.IGNORECASE)


def way_of(cloud: Cloud) -> Way:
    """The way of a cloud's calls, with what is switched on now."""
    perform = _perform_struck if cloud.injections else pipeline.perform
    signed = (*pipeline.STEPS[:-1], perform)
    unsigned = (*pipeline.UNSIGNED[:-1], perform)
    if cloud.consistency.delays:
        known = pipeline.STEPS.index(pipeline.build_call)
        signed = (*signed[:known], _seen_late(signed[known:]))
        unsigned = (_seen_late(unsigned),)
    finishers: list[Finisher] = [
        finisher
        for finisher, is_on in (
            (_spoil, bool(cloud.injections)),
            (_say_observed, cloud.observe),
            (_record, cloud.recorder is not None),
        )
        if is_on
    ]
    if not finishers and not cloud.injections and not cloud.consistency.delays:
        return pipeline.UNDISTURBED
    return Way(signed, unsigned, _in_turn(finishers) if finishers else None)


def _perform_struck(exchange: Exchange) -> None:
    fault = exchange.cloud.injections.draw(exchange.product, exchange.target.operation.name)
    exchange.fault = fault
    if fault is not None and fault.kind in _BEFORE:
        raise fault.error(exchange.product)
    pipeline.perform(exchange)


def _seen_late(steps: tuple[Step, ...]) -> Step:
    """The steps from the building of the call on, as far as they read, in a view of what is old enough."""

    def step(exchange: Exchange) -> None:
        consistency = exchange.cloud.consistency
        reading = is_read(exchange.target.operation.name)
        with consistency.late(_touched(exchange), reading=reading):
            for each in steps if reading else steps[:-1]:
                each(exchange)
        if not reading:
            try:
                steps[-1](exchange)
            finally:
                consistency.note_write()

    return step


def _touched(exchange: Exchange) -> set[str]:
    key = getattr(exchange, "key", None)
    found = {key.account.id} if key is not None else set()
    named = _ROLE_ACCOUNT.match(exchange.wire.params.get("RoleArn", ""))
    return found | {named[1]} if named else found


def _in_turn(finishers: list[Finisher]) -> Finisher:
    def finish(exchange: Exchange, response: Response) -> Response:
        later = response.later
        if later is not None:
            return replace(response, later=lambda: finish(exchange, later()))
        for each in finishers:
            response = each(exchange, response)
        return response

    return finish


def _spoil(exchange: Exchange, response: Response) -> Response:
    fault = exchange.fault
    if fault is None:
        return response
    if fault.kind == "5xx-after-commit" and response.status < _REFUSED:  # what refused did not commit
        host = exchange.wire.headers.get("host", "")
        return error_response(exchange.product, exchange.request_id, fault.error(exchange.product), host)
    if fault.kind == "slow":
        return replace(response, delay=fault.seconds)
    if fault.kind == "cut-body":
        return replace(response, cut=True)
    if fault.kind == "throttle" and fault.retry_after is not None:
        header = (b"x-acs-retry-after", str(fault.retry_after).encode())
        return replace(response, headers=(*response.headers, header))
    return response


def _say_observed(_exchange: Exchange, response: Response) -> Response:
    return replace(response, headers=(*response.headers, OBSERVE_HEADER))


def _record(exchange: Exchange, response: Response) -> Response:
    recorder = exchange.cloud.recorder
    if recorder is not None:
        recorder.note(exchange, response)
    return response
