"""Faults on order: a test says which call goes wrong and how, before or after its work was done.

A fault waits for the calls of one action (or of any) that were authenticated and authorized, counts them, and
strikes from the nth on. Nothing is asked while no fault waits.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, get_args

from crossaccount.localcloud.errors import ApiError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crossaccount.localcloud.products import Product

Kind = Literal["refuse", "throttle", "5xx-before", "5xx-after-commit", "cut-body", "slow"]
KINDS: tuple[Kind, ...] = get_args(Kind)
LONGEST_DELAY = 600.0
_DEFAULTS = {
    "refuse": (403, "Forbidden", "The local cloud was told to refuse this call."),
    "5xx-before": (500, "InternalError", "The local cloud was told to fail before the call did anything."),
    "5xx-after-commit": (
        500,
        "InternalError",
        "The local cloud was told to fail after the call did its work.",
    ),
}


@dataclass(slots=True)
class Fault:
    """One fault that waits for its call.

    Attributes:
        kind: `refuse` (an error, nothing done), `throttle` (the product's own refusal for too many calls),
            `5xx-before` and `5xx-after-commit` (a server error, without and with the work done), `cut-body`
            (the work is done, half of the answer arrives), `slow` (the answer is held back).
        product: `Ram`, `Sts`, `FC` ..., in any letter case; None for any.
        action: an API's name, e.g. `CreateRole`; None for any.
        nth: the first matching call that is struck, counted from 1.
        times: how many calls in a row are struck; None for all from the nth on.
        status: another HTTP status than the kind's own.
        code: another error code than the kind's own.
        message: another message than the kind's own.
        seconds: how long a `slow` answer is held back; at most 600.
        retry_after: milliseconds that a `throttle` tells the client to wait, or None.
        seen: how many matching calls there were.
        struck: how many of them were struck.

    Raises:
        ValueError: a value that is none; the message names it.
    """

    kind: Kind
    product: str | None = None
    action: str | None = None
    nth: int = 1
    times: int | None = 1
    status: int | None = None
    code: str | None = None
    message: str | None = None
    seconds: float = 1.0
    retry_after: int | None = None
    seen: int = field(default=0, init=False)
    struck: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"`{self.kind}` is no kind of fault; there is {', '.join(KINDS)}")
        if self.nth < 1 or (self.times is not None and self.times < 1):
            raise ValueError("`nth` and `times` are counted from 1")
        if not 0 <= self.seconds <= LONGEST_DELAY:
            raise ValueError(f"`seconds` is between 0 and {LONGEST_DELAY:g}")
        if self.status is not None and not 400 <= self.status <= 599:  # noqa: PLR2004  HTTP's error statuses
            raise ValueError("`status` is between 400 and 599")

    @property
    def over(self) -> bool:
        """Whether it will strike no more."""
        return self.times is not None and self.struck >= self.times

    def meets(self, product: Product, action: str) -> bool:
        """Counts a call when it matches, and tells whether it is to be struck."""
        if self.action is not None and self.action != action:
            return False
        if self.product is not None and self.product.lower() != product.name.lower():
            return False
        self.seen += 1
        if self.seen < self.nth or self.over:
            return False
        self.struck += 1
        return True

    def error(self, product: Product) -> ApiError:
        """What a struck call is answered, for the kinds that answer an error."""
        if self.kind == "throttle":
            rest = product.shape != "rpc"
            status, code = (429, "ResourceExhausted") if rest else (400, "Throttling.User")
            message = "Request was denied due to user flow control."
        else:
            status, code, message = _DEFAULTS[self.kind]
        return ApiError(self.status or status, self.code or code, self.message or message)

    def to_json(self) -> dict[str, Any]:
        """The fault as the side door shows it."""
        return {
            "kind": self.kind,
            "product": self.product,
            "action": self.action,
            "nth": self.nth,
            "times": self.times,
            "status": self.status,
            "code": self.code,
            "message": self.message,
            "seconds": self.seconds,
            "retryAfter": self.retry_after,
            "seen": self.seen,
            "struck": self.struck,
        }


class Injections:
    """The faults of a cloud, in the order they were asked for; the first that meets a call strikes it."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []

    def __len__(self) -> int:
        return len(self._faults)

    def __iter__(self) -> Iterator[Fault]:
        return iter(self._faults)

    def add(self, fault: Fault) -> None:
        """Lets a fault wait for its call."""
        self._faults.append(fault)

    def clear(self) -> None:
        """Takes every fault back."""
        self._faults.clear()

    def draw(self, product: Product, action: str) -> Fault | None:
        """The fault that strikes this call, or None; every fault that waits for such a call counts it."""
        met = [fault for fault in self._faults if fault.meets(product, action)]
        for late in met[1:]:
            late.struck -= 1
        return met[0] if met else None
