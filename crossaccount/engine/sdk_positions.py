"""Source positions in the SDK, worked out once for each line of code.

The SDK turns every frame of every registration's stack into a URI, which for a loop over 400 partners is the
same few lines 14,000 times, and a fifth of a preview.
Source: Pulumi SDK for Python, `pulumi/runtime/resource.py`.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from pulumi.runtime import resource as sdk

if TYPE_CHECKING:
    from collections.abc import Iterator

_NAME = "_get_source_position_for_frame"


@contextmanager
def remembered() -> Iterator[None]:
    """Let the SDK remember positions for the body; an SDK that works otherwise is left alone."""
    work_out = getattr(sdk, _NAME, None)
    if work_out is None:
        yield
        return
    known: dict[tuple[str, int | None], Any] = {}

    def position(frame: Any) -> Any:  # noqa: ANN401  the SDK's
        place = frame.filename, frame.lineno
        if place not in known:
            known[place] = work_out(frame)
        return known[place]

    setattr(sdk, _NAME, position)
    try:
        yield
    finally:
        setattr(sdk, _NAME, work_out)
