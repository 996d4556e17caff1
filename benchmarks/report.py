"""A measured ratio against its bound, and the table of them."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table


@dataclass(frozen=True, slots=True)
class Ratio:
    """Ours against a peer's, in one run.

    Args:
        name: what was measured.
        ours: our figures, one per round, in `unit`.
        peer: the peer's figures, from the same rounds.
        peer_name: what the peer is.
        unit: `requests/s`, `s`, `ms` or `MiB`.
        bound: the ratio ours/peer that is promised.
        at_least: True where more is better (requests a second), False where less is better (seconds).
    """

    name: str
    ours: Sequence[float]
    peer: Sequence[float]
    peer_name: str
    unit: str
    bound: float
    at_least: bool

    @property
    def value(self) -> float:
        """The ratio of the medians, ours to the peer's."""
        return statistics.median(self.ours) / statistics.median(self.peer)

    @property
    def kept(self) -> bool:
        """Whether the promise holds in this run."""
        return self.value >= self.bound if self.at_least else self.value <= self.bound


def in_turn(
    ours: Callable[[], float], peer: Callable[[], float], rounds: int
) -> tuple[list[float], list[float]]:
    """Measure both in turn, `rounds` times after one warm-up of each."""
    ours(), peer()
    pairs = [(ours(), peer()) for _ in range(rounds)]
    return [first for first, _ in pairs], [second for _, second in pairs]


def show(ratios: Sequence[Ratio]) -> bool:
    """Print the table; True when every promise holds."""
    table = Table(title="ratios of medians, ours to the peer's, measured in turn", title_justify="left")
    for column in ("measured", "ours", "peer's", "peer", "ratio", "promised", ""):
        table.add_column(column, justify="left" if column in {"measured", "peer", ""} else "right")
    for ratio in ratios:
        table.add_row(
            ratio.name,
            _spread(ratio.ours, ratio.unit),
            _spread(ratio.peer, ratio.unit),
            ratio.peer_name,
            f"{ratio.value:.2f}",
            f"{'at least' if ratio.at_least else 'at most'} {ratio.bound:g}",
            "kept" if ratio.kept else "[red]missed[/red]",
        )
    Console(width=140).print(table)
    return all(ratio.kept for ratio in ratios)


def _spread(figures: Sequence[float], unit: str) -> str:
    digits = 0 if statistics.median(figures) >= 100 else 2
    low, middle, high = min(figures), statistics.median(figures), max(figures)
    return f"{middle:.{digits}f} {unit} ({low:.{digits}f}–{high:.{digits}f})"
