"""Independent steps side by side."""

from __future__ import annotations

from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
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
    failure: BaseException | None = None
    with ThreadPoolExecutor(workers, thread_name_prefix="crossaccount-step") as pool:
        running: dict[Future[None], int] = {
            pool.submit(act, resources[index]): index for index, count in enumerate(required_by) if count == 0
        }
        while running:
            done, _ = wait(running, return_when=FIRST_COMPLETED)
            failures = [error for future in done if (error := _error(future)) is not None]
            if failures and failure is None:
                failure = failures[0]
                for waiting in running:
                    waiting.cancel()
            for index in [running.pop(future) for future in done]:
                for place in requires[index]:
                    required_by[place] -= 1
                    if required_by[place] == 0 and failure is None:
                        running[pool.submit(act, resources[place])] = place
    if failure is not None:
        raise failure


def _error(future: Future[None]) -> BaseException | None:
    return None if future.cancelled() else future.exception()
