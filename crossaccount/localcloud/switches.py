"""What a test may switch on in a cloud: observing, faults, late visibility, a record of calls."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from crossaccount.localcloud.consistency import Consistency
from crossaccount.localcloud.injection import Fault, Injections

if TYPE_CHECKING:
    from collections.abc import Callable

    from crossaccount.localcloud.account import Account
    from crossaccount.localcloud.clock import Clock
    from crossaccount.localcloud.injection import Kind
    from crossaccount.localcloud.pipeline import Way
    from crossaccount.localcloud.recorder import Recorder

_Answer = TypeVar("_Answer")


class Switches:
    """The switches of a cloud, all off at first. `Cloud` is one.

    Attributes:
        injections: the faults that wait for their call.
        consistency: how late what is new in RAM is seen.
        recorder: the record of calls, or None while nothing is recorded.
        way: the steps of a call with what is switched on, or None when they are to be put together anew.
    """

    def __init__(self, accounts: dict[str, Account], clock: Clock, *, observe: bool) -> None:
        self.injections = Injections()
        self.consistency = Consistency(accounts, clock)
        self.recorder: Recorder | None = None
        self.way: Way | None = None
        self._observe = observe

    def between_calls(self, function: Callable[[], _Answer]) -> _Answer:
        """Runs a function while no call is being answered, and gives what it returns."""
        raise NotImplementedError

    @property
    def observe(self) -> bool:
        """Whether what policies deny is let pass; signatures and all else are checked as ever."""
        return self._observe

    @observe.setter
    def observe(self, value: bool) -> None:
        self._observe = value
        self.way = None

    def inject(
        self,
        kind: Kind,
        *,
        product: str | None = None,
        action: str | None = None,
        **settings: Any,  # noqa: ANN401  the settings of `Fault`
    ) -> Fault:
        """Lets a fault wait for its call.

        Args:
            kind: `refuse`, `throttle`, `5xx-before`, `5xx-after-commit`, `cut-body` or `slow`.
            product: `Ram`, `Sts`, `FC` ...; None for any.
            action: an API's name; None for any.
            settings: the other attributes of `Fault`: `nth`, `times`, `status`, `code`, `message`,
                `seconds`, `retry_after`.

        Returns:
            The fault; its `seen` and `struck` count.

        Raises:
            TypeError, ValueError: a setting that is none.
        """
        fault = Fault(kind, product, action, **settings)
        self.between_calls(lambda: self._switch(lambda: self.injections.add(fault)))
        return fault

    def clear_faults(self) -> None:
        """Takes every injected fault back."""
        self.between_calls(lambda: self._switch(self.injections.clear))

    def delay_visibility(self, *, reads: int | None = None, seconds: float | None = None) -> None:
        """Shows what is new in RAM only after some reads or some time; without arguments, at once.

        Raises:
            ValueError: both, or less than nothing.
        """
        self.between_calls(lambda: self._switch(lambda: self.consistency.delay(reads=reads, seconds=seconds)))

    def record(self) -> Recorder:
        """Begins a new record of calls, without secrets, and gives it."""
        from crossaccount.localcloud.recorder import Recorder  # noqa: PLC0415  only where something is recorded

        recorder = self.recorder = Recorder()
        self.way = None
        return recorder

    def stop_recording(self) -> None:
        """Ends the record; who holds it keeps it."""
        self.recorder = None
        self.way = None

    def _switch(self, change: Callable[[], object]) -> None:
        change()
        self.way = None

    def switch_off(self) -> None:
        """Takes faults, late visibility and the record back; what observes goes on observing."""
        self.injections.clear()
        self.consistency.delay()
        self.recorder = self.way = None
