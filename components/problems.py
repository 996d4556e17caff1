"""What is wrong with a declaration: every problem at once, each under its key as the user wrote it."""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi

Path = tuple[int | str, ...]


@dataclass(frozen=True, slots=True)
class Problem:
    """One refused setting: the key as the user wrote it, and the message that names value and remedy."""

    key: str
    message: str

    def __str__(self) -> str:
        return f"`{self.key}`: {self.message}"


class RefusedError(pulumi.RunError):
    """Settings or arguments that cannot be meant; ends the run without a traceback.

    Attributes:
        problems: every problem found, in the order of the declaration.
    """

    def __init__(self, heading: str, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        count = "1 problem" if len(self.problems) == 1 else f"{len(self.problems)} problems"
        super().__init__("\n".join([f"{heading}: {count}", *(f"  {each}" for each in self.problems)]))


def joined(root: str, path: Path) -> str:
    """The key at `path` under `root`, as Pulumi writes the path of a setting: `a.b[0]["c.d"]`."""
    key = root
    for part in path:
        if isinstance(part, int):
            key += f"[{part}]"
        elif part.replace("-", "").replace("_", "").isalnum():
            key += f".{part}" if key and not key.endswith(":") else part
        else:
            key += f'["{part}"]'
    return key
