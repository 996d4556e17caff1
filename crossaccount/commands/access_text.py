"""Answers about access as lines for a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crossaccount.access import Outcome, Outsider
from crossaccount.access.words import condition_words, gate_words
from crossaccount.terminal_text import escape

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crossaccount.access import AccessGraph, Answer, Gate, Node, Origin, Path, Said

_COLOURS = {Outcome.OPEN: "green", Outcome.IF: "yellow", Outcome.UNKNOWN: "magenta", Outcome.CLOSED: "red"}
_VERDICTS = {
    Outcome.OPEN: "ALLOWED",
    Outcome.IF: "ALLOWED ONLY IF",
    Outcome.UNKNOWN: "CANNOT TELL",
    Outcome.CLOSED: "DENIED",
}
_MOST_PATHS = 8
_MOST_STATEMENTS = 12


def answer_lines(answer: Answer) -> Iterator[str]:
    """An answer: the verdict, then each path with its gates, open ones first."""
    yield f"[bold]{escape(who(answer.principal))}[/bold]"
    yield f"asks for [bold]{escape(answer.action)}[/bold] on [bold]{escape(answer.resource)}[/bold]"
    yield ""
    yield from _verdict(answer)
    for number, path in enumerate(answer.paths[:_MOST_PATHS], 1):
        yield ""
        yield from _path_lines(number, path)
    rest = answer.paths[_MOST_PATHS:]
    if rest:
        yield ""
        yield f"and {len(rest)} more paths, none more open than these; `--json` has them all"


def who(node: Node) -> str:
    """A principal in words, with its ARN or account where the words have none."""
    if isinstance(node, Outsider) and node.kind not in ("user", "role"):
        return node.label
    note = "" if not isinstance(node, Outsider) else ", in no given stack"
    return f"{node.label} ({node.arn}{note})"


def way(path: Path) -> str:
    """The roles of a path: `as itself`, or role after role."""
    if not path.roles:
        return "as itself"
    return " then ".join(f"{role.label} of {role.account}" for role in path.roles)


def lines_of(path: Path) -> tuple[str, ...]:
    """The lines of the program, or else the resources, that open a path; each once."""
    found: dict[str, None] = {}
    for gate in path.gates:
        for said in gate.ruling.said:
            if said.effect.startswith("allow"):
                origin = said.grant.origin if said.grant is not None else said.document.origin
                if origin is not None:
                    found[origin.position or place(origin)] = None
    return tuple(found)


def place(origin: Origin) -> str:
    """A resource by type and name, with its line where one is recorded; or the live account."""
    if not origin.urn:
        return origin.where
    kind, _, name = origin.urn.rpartition("::")
    resource = f"{kind.rpartition(':')[2]} `{name}`"
    return f"{resource} at {origin.position}" if origin.position else resource


def not_analysed_lines(graph: AccessGraph) -> Iterator[str]:
    """What could not be read and may give more."""
    if graph.not_analysed:
        yield ""
        yield f"[magenta]not analysed: {len(graph.not_analysed)}[/magenta]"
    for each in graph.not_analysed:
        yield f"  {escape(each.what)}  [dim]{escape(place(each.origin))}[/dim]"


def _verdict(answer: Answer) -> Iterator[str]:
    colour, verdict = _COLOURS[answer.outcome], _VERDICTS[answer.outcome]
    if not answer.paths:
        yield f"[{colour}]{verdict}[/{colour}]: it can assume no role of that account, and is of another one"
        return
    best = answer.paths[0]
    if answer.outcome is Outcome.CLOSED:
        yield f"[{colour}]{verdict}[/{colour}] on every path"
        return
    yield f"[{colour}]{verdict}[/{colour}] {escape(way(best) if not best.roles else f'through {way(best)}')}"


def _path_lines(number: int, path: Path) -> Iterator[str]:
    colour = _COLOURS[path.outcome]
    name = "as itself" if not path.roles else f"through {way(path)}"
    yield f"{number}. {escape(name)}: [{colour}]{path.outcome.value}[/{colour}]"
    for gate in path.gates:
        yield from _gate_lines(gate)


def _gate_lines(gate: Gate) -> Iterator[str]:
    colour = _COLOURS[gate.outcome]
    holder = escape(gate.holder.label)
    yield (f"   gate {gate.number}, {gate.name} ({holder}): [{colour}]{gate.outcome.value}[/{colour}]")
    words = gate_words(gate)
    if words or gate.note:
        yield f"     {escape(words or gate.note)}"
    shown = _shown(gate)
    for said in shown[:_MOST_STATEMENTS]:
        yield from _said_lines(said)
    if len(shown) > _MOST_STATEMENTS:
        yield f"     and {len(shown) - _MOST_STATEMENTS} more statements that stay silent"
    if gate.outcome is Outcome.CLOSED and not gate.ruling.said and not gate.note:
        yield "     no policy is attached"


def _shown(gate: Gate) -> list[Said]:
    """The statements that decided, or all of them where none allows."""
    decided = [said for said in gate.ruling.said if said.effect != "silent"]
    if gate.outcome is Outcome.CLOSED:
        denied = [said for said in decided if said.effect == "deny"]
        return denied or list(gate.ruling.said)
    return decided


def _said_lines(said: Said) -> Iterator[str]:
    effect = {"silent": "is silent", "allow": "allows", "deny": "denies"}.get(said.effect)
    effect = (
        effect or {"allow if": "allows under conditions", "deny if": "denies under conditions"}[said.effect]
    )
    yield f"     {escape(said.document.label)}, statement {said.statement} {effect}"
    if said.open:
        yield f"       if {escape(' and '.join(condition_words(each) for each in said.open))}"
    else:
        yield f"       {escape(said.element)}"
    evidence = []
    if said.grant is not None:
        evidence.append(f"attached by {place(said.grant.origin)}")
        if said.grant.membership is not None:
            evidence.append(f"to group `{said.grant.group}`, joined by {place(said.grant.membership)}")
    if said.document.origin is not None:
        evidence.append(f"written by {place(said.document.origin)}")
    if evidence:
        yield f"       [dim]{escape('; '.join(evidence))}[/dim]"
