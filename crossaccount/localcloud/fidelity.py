"""How far each action is like the real one: the table of `docs/fidelity.md`, made from the code.

`python -m crossaccount.localcloud.fidelity` prints the page; `make fidelity` writes it. Which actions a
product has besides is read from Alibaba Cloud's own SDKs.
"""

from __future__ import annotations

import importlib
import inspect
import re
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from crossaccount.localcloud import fc, ims, ram, sts
from crossaccount.localcloud.evidence import INFERRED, PARTLY, RECORDED
from crossaccount.localcloud.products import BSS, FC_2, FC_3, FC_OPEN, IMS, RAM, STS, Product

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from crossaccount.localcloud.call import Operation

Evidence = Literal["recorded", "quoted", "inferred"]
CHECKED = "2026-11-24"
"""The day the actions were last compared with their sources."""

_RPC_ACTION = re.compile(r"action\s*=\s*'(\w+)'")
_HEAD = """<!-- made by `make fidelity` from the code; change the code instead -->
# How far the local cloud is like the real one

No answer here was compared with the real service's: that takes two accounts of one's own. What each action is
built on:

| evidence | what it means |
|---|---|
| recorded | Calls of a real client were recorded; tests hold the answers to what that client needs. |
| quoted | Fields, codes, statuses and messages are those of the API reference or the SDK's model. |
| inferred | Quoted, but for the part that the last column names: it is documented nowhere. |

The clients recorded are the alicloud provider, Alibaba Cloud's Python SDKs, and Node's `pop-core` and `fc2`.
A recorded or quoted action may have an inferred part too.

`source` is a page of Alibaba Cloud's documentation, or the section of a collection of facts that was made
from those pages, the SDKs' models and the provider's source before this was written:

| section | what it was read from |
|---|---|
| 3.2 | fields of RAM's requests and answers: the models of `alibabacloud-ram20150501` |
| 3.3, 3.4 | RAM's codes, statuses and messages: RAM: API reference; answers that users published |
| 3.6 | RAM's permissions: RAM: RAM authentication |
| 4.1 to 4.4 | STS: AssumeRole, GetCallerIdentity; the models of `alibabacloud-sts20150401` |
| 4.6 | who may assume a role: RAM: Assume a RAM role; FAQ about RAM roles and STS tokens |
| 5.2, 5.3 | Function Compute 3.0 and 2.0: API reference; the models of both SDKs |
| 5.5 | Function Compute's permissions: RAM authorization; published denials |
| 10 | the provider's source |

What is not here answers HTTP 501 `NotImplemented` with its name, and is counted at `/_local/unimplemented`.
What is knowingly unlike is in [differences.md](differences.md).
"""


@dataclass(frozen=True, slots=True)
class Row:
    """One action of one product.

    Attributes:
        action: the API's name.
        status: `served`, or what of it is not.
        evidence: what it is built on.
        source: where that was read.
        inferred: what was worked out by analogy; empty for nothing that decides.
    """

    action: str
    status: str
    evidence: Evidence
    source: str
    inferred: str


_SERVED: Sequence[tuple[Product, Iterable[Operation], str | None]] = (
    (RAM, ram.OPERATIONS.values(), "alibabacloud_ram20150501.client"),
    (STS, sts.OPERATIONS.values(), "alibabacloud_sts20150401.client"),
    (IMS, ims.OPERATIONS.values(), None),
    (FC_3, [route.operation for route in fc.ROUTES_3], "alibabacloud_fc20230330.client"),
    (FC_OPEN, [route.operation for route in fc.ROUTES_2], "alibabacloud_fc_open20210406.client"),
    (FC_2, [route.operation for route in fc.ROUTES_2], None),
    (BSS, sts.BSS_OPERATIONS.values(), None),
)


def rows(product: Product, operations: Iterable[Operation]) -> Iterator[Row]:
    """A product's actions, in the order of names."""
    for operation in sorted(operations, key=lambda each: each.name):
        key = (product.version, operation.name)
        inferred = INFERRED.get(key, "")
        evidence: Evidence = "recorded" if key in RECORDED else "inferred" if inferred else "quoted"
        source = operation.source.replace("facts ", "")
        yield Row(operation.name, PARTLY.get(key, "served"), evidence, source, inferred)


def not_served(operations: Iterable[Operation], client: str) -> list[str]:
    """The actions that the product's SDK has and the local cloud has not."""
    known = set(_RPC_ACTION.findall(inspect.getsource(importlib.import_module(client))))
    return sorted(known - {operation.name for operation in operations})


def page() -> str:
    """The text of `docs/fidelity.md`."""
    parts = [_HEAD, *(_section(*served) for served in _SERVED)]
    return "\n".join(parts)


def _section(product: Product, operations: Iterable[Operation], client: str | None) -> str:
    table = list(rows(product, operations))
    counts = ", ".join(
        f"{sum(row.evidence == kind for row in table)} {kind}" for kind in ("recorded", "quoted", "inferred")
    )
    lines = [
        f"## {product.name} {product.version}\n",
        f"{len(table)} actions: {counts}.\n",
        "| action | status | evidence | source | checked | inferred |",
        "|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {row.action} | {row.status} | {row.evidence} | {row.source} | {CHECKED} | {row.inferred} |"
        for row in table
    ]
    if client is not None:
        missing = not_served(operations, client)
        named = ", ".join(missing) if missing else "none of those its SDK has"
        lines.append(f"\nNot served (501): {named}.")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.stdout.write(page())
