"""Stack traces as the SDK makes them, each worked out once for its lines of code.

The SDK walks the stack of every registration, looks each frame's file up on the disk and turns it into a URI,
which for a loop over 400 partners is the same few lines 14,000 times, and a third of a preview.
Source: Pulumi SDK for Python, `_get_stack_trace` in `pulumi/runtime/resource.py`.
"""

from __future__ import annotations

import sys
from contextlib import contextmanager
from traceback import FrameSummary
from typing import TYPE_CHECKING

from pulumi.runtime import resource as sdk
from pulumi.runtime.proto import source_pb2

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

_TRACE, _POSITION = "_get_stack_trace", "_get_source_position_for_frame"
_CONSTRUCTORS = 3  # of `Resource`, of what kind of resource it is, and of its own class
_Place = tuple[str, int]


@contextmanager
def remembered() -> Iterator[None]:
    """Let the SDK remember traces for the body; an SDK that works otherwise is left alone."""
    trace, position = getattr(sdk, _TRACE, None), getattr(sdk, _POSITION, None)
    if trace is None or position is None or hasattr(sys, "tracebacklimit"):
        yield
        return
    traces: dict[tuple[_Place, ...], source_pb2.StackTrace] = {}
    frames: dict[_Place, source_pb2.StackFrame] = {}

    def frame_at(place: _Place) -> source_pb2.StackFrame:
        if place not in frames:
            summary = FrameSummary(*place, "", lookup_line=False)
            frames[place] = source_pb2.StackFrame(pc=position(summary))
        return frames[place]

    def remembering() -> source_pb2.StackTrace:
        places = tuple(_callers(sys._getframe(1)))  # noqa: SLF001  what `traceback` walks, at its price
        if places not in traces:
            traces[places] = source_pb2.StackTrace(frames=map(frame_at, places))
        return traces[places]

    setattr(sdk, _TRACE, remembering)
    try:
        yield
    finally:
        setattr(sdk, _TRACE, trace)


def _callers(frame: FrameType | None) -> Iterator[_Place]:
    """Yield the file and line of what called a resource's constructors, innermost first."""
    constructors = 0
    while frame is not None:
        if constructors == _CONSTRUCTORS:
            yield frame.f_code.co_filename, frame.f_lineno
        elif frame.f_code.co_name == "__init__":
            constructors += 1
        frame = frame.f_back
