"""Independent steps side by side."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from queue import SimpleQueue
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from crossaccount.engine.state import Resource


def dependents_first(resources: Sequence[Resource], act: Callable[[Resource], None], workers: int) -> None:
    """Act on each resource once nothing among `resources` requires it any more.

    After a failure nothing new starts; what has started is waited for.

    Args:
        resources: without a cycle; one URN may stand for several.
        act: called from several threads.
        workers: how many at a time, at least 1.

    Raises:
        BaseException: the first that `act` raised.
    """
    places: dict[str, list[int]] = {}
    for index, resource in enumerate(resources):
        places.setdefault(resource.urn, []).append(index)
    requires = [
        {place for urn in resource.requires for place in places.get(urn, ()) if place != index}
        for index, resource in enumerate(resources)
    ]
    required_by = [0] * len(resources)
    for required in requires:
        for place in required:
            required_by[place] += 1
    _run(resources, act, workers, requires, required_by)


def each(resources: Sequence[Resource], act: Callable[[Resource], None], workers: int) -> None:
    """Act on every resource in any order; otherwise as `dependents_first`."""
    _run(resources, act, workers, [set()] * len(resources), [0] * len(resources))


def _run(
    resources: Sequence[Resource],
    act: Callable[[Resource], None],
    workers: int,
    requires: Sequence[set[int]],
    required_by: list[int],
) -> None:
    failures: list[BaseException] = []
    ended: SimpleQueue[int] = SimpleQueue()

    def work(index: int) -> None:
        try:
            if not failures:
                act(resources[index])
        except BaseException as error:  # noqa: BLE001  raised again below
            failures.append(error)  # before anything can see that this one has ended
        finally:
            ended.put(index)

    with ThreadPoolExecutor(workers, thread_name_prefix="crossaccount-step") as pool:
        ready = [index for index, count in enumerate(required_by) if count == 0]
        try:
            _start_as_they_end(
                ready, lambda index: pool.submit(work, index), ended, failures, requires, required_by
            )
        except BaseException as error:
            failures.append(error)
            raise
    if failures:
        raise failures[0]


def _start_as_they_end(
    ready: Sequence[int],
    start: Callable[[int], object],
    ended: SimpleQueue[int],
    failures: Sequence[BaseException],
    requires: Sequence[set[int]],
    required_by: list[int],
) -> None:
    running = len(ready)
    for index in ready:
        start(index)
    while running:
        index = ended.get()
        running -= 1
        if failures:
            continue
        for place in requires[index]:
            required_by[place] -= 1
            if required_by[place] == 0:
                running += 1
                start(place)
