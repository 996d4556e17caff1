"""Every function and service of an account, region by region at the same time."""

from __future__ import annotations

import queue
import threading
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from crossaccount.session.errors import ErrorKind, SessionError
from crossaccount.session.functions.regions import functions_host, services_host

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from crossaccount.session.functions.access import Access

_PAGE = 100
_MOST_PAGES = 1000


@dataclass(frozen=True, slots=True)
class Listed:
    """A function of Function Compute 3.0, or a service of 2.0.

    Attributes:
        region: where it is.
        kind: `function` or `service`.
        name: its name.
        runtime: a function's runtime, empty for a service.
        memory: a function's memory in MB, None for a service.
        changed: when it was changed last, as the service writes it.
        description: what its owner wrote.
        arn: its ARN, where the service tells it.
    """

    region: str
    kind: str
    name: str
    runtime: str
    memory: int | None
    changed: str
    description: str
    arn: str


@dataclass(frozen=True, slots=True)
class Listing:
    """What was found, and what could not be asked.

    Attributes:
        found: sorted by region, kind and name.
        failed: the error of each region that failed, by region.
    """

    found: tuple[Listed, ...]
    failed: dict[str, SessionError]


def list_regions(
    access: Access,
    regions: Sequence[str],
    kinds: Sequence[str] = ("function", "service"),
    done: Callable[[str], None] = lambda _region: None,
) -> Listing:
    """List several regions at the same time: it takes about as long as the slowest one.

    Args:
        access: Function Compute, inside a session.
        regions: which to ask.
        kinds: `function`, `service` or both.
        done: told of each region when it has answered or failed.
    """
    _load()
    answers: queue.SimpleQueue[tuple[str, str, list[Listed] | SessionError]] = queue.SimpleQueue()
    for region in regions:
        for kind in kinds:
            # Daemons: a Ctrl-C must not wait for the slowest region.
            threading.Thread(target=_ask, args=(access, region, kind, answers.put), daemon=True).start()
    outcomes: dict[str, dict[str, list[Listed] | SessionError]] = {region: {} for region in regions}
    for _ in range(len(regions) * len(kinds)):
        region, kind, outcome = answers.get()
        outcomes[region][kind] = outcome
        if len(outcomes[region]) == len(kinds):
            done(region)
    return _gathered(outcomes)


def list_region(access: Access, region: str, kind: str) -> list[Listed]:
    """One region's functions or services, all pages.

    Raises:
        SessionError: the region refuses, or gives no usable answer.
    """
    pages = _functions(access, region) if kind == "function" else _services(access, region)
    return [each for page in pages for each in page]


def _load() -> None:
    """Load the SDKs before the threads do, which would wait for each other."""
    import alibabacloud_fc20230330.client  # noqa: PLC0415, F401
    import alibabacloud_fc_open20210406.client  # noqa: PLC0415, F401


def _ask(
    access: Access,
    region: str,
    kind: str,
    put: Callable[[tuple[str, str, list[Listed] | SessionError]], None],
) -> None:
    outcome: list[Listed] | SessionError
    try:
        outcome = list_region(access, region, kind)
    except SessionError as error:
        outcome = error
    except Exception as error:  # noqa: BLE001  a thread that dies silently would be waited for
        outcome = SessionError(ErrorKind.FAILED, f"listing failed inside ({type(error).__name__})")
    put((region, kind, outcome))


def _gathered(outcomes: dict[str, dict[str, list[Listed] | SessionError]]) -> Listing:
    found: list[Listed] = []
    failed: dict[str, SessionError] = {}
    for region, by_kind in outcomes.items():
        for kind, outcome in by_kind.items():
            if not isinstance(outcome, SessionError):
                found += outcome
            elif not _has_no_services(kind, outcome, by_kind):
                failed.setdefault(region, outcome)
    return Listing(tuple(sorted(found, key=lambda each: (each.region, each.kind, each.name))), failed)


def _has_no_services(
    kind: str, outcome: SessionError, by_kind: dict[str, list[Listed] | SessionError]
) -> bool:
    """Whether a region answers for 3.0 and has no host for 2.0, which newer regions do not have."""
    return (
        kind == "service" and "name is unknown" in outcome.text and isinstance(by_kind.get("function"), list)
    )


def _functions(access: Access, region: str) -> Iterator[list[Listed]]:
    from alibabacloud_fc20230330.models import ListFunctionsRequest  # noqa: PLC0415  slow to load

    client, host = access.functions(region), functions_host(region)

    def page(token: str | None) -> Any:  # noqa: ANN401  the SDK has no types
        request = ListFunctionsRequest(limit=_PAGE, next_token=token, fc_version="v3")
        return access.ask(host, partial(client.list_functions, request)).body

    for body in _pages(page, host):
        yield [
            Listed(
                region=region,
                kind="function",
                name=each.function_name,
                runtime=each.runtime or "",
                memory=each.memory_size,
                changed=each.last_modified_time or "",
                description=each.description or "",
                arn=each.function_arn or "",
            )
            for each in body.functions or []
        ]


def _services(access: Access, region: str) -> Iterator[list[Listed]]:
    from alibabacloud_fc_open20210406.models import ListServicesRequest  # noqa: PLC0415  slow to load

    client, host = access.services(region), services_host(region)

    def page(token: str | None) -> Any:  # noqa: ANN401  the SDK has no types
        request = ListServicesRequest(limit=_PAGE, next_token=token)
        return access.ask(host, partial(client.list_services, request)).body

    for body in _pages(page, host):
        yield [
            Listed(
                region=region,
                kind="service",
                name=each.service_name,
                runtime="",
                memory=None,
                changed=each.last_modified_time or "",
                description=each.description or "",
                arn="",
            )
            for each in body.services or []
        ]


def _pages(page: Callable[[str | None], Any], host: str) -> Iterator[Any]:
    token: str | None = None
    seen: set[str] = set()
    while True:
        body = page(token)
        yield body
        token = body.next_token or None
        if token is None:
            return
        if token in seen or len(seen) >= _MOST_PAGES:
            raise SessionError(ErrorKind.FAILED, f"`{host}` gives the same page again and again")
        seen.add(token)
