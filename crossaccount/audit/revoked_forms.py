"""The proof of a revocation as a record to hand over: JSON, Markdown, lines for a terminal.

`revoked.schema.json` beside this module is the schema of the JSON.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import orjson

from crossaccount.access.words import visible
from crossaccount.audit.revocation import Verdict
from crossaccount.audit.telling import count
from crossaccount.review.markdown_text import plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crossaccount.audit.model import Source
    from crossaccount.audit.revocation import PathLeft, Proof

VERSION = 1
_LONG = 2000
_SAID = {
    Verdict.REVOKED: "is revoked: no path is left, in state and live",
    Verdict.PATH_LEFT: "is not revoked: a path is left",
    Verdict.CANNOT_TELL: "cannot be told to be revoked",
}


def proof_to_json(proof: Proof) -> str:
    """The whole proof as JSON text."""
    return orjson.dumps(
        proof_to_plain(proof), option=orjson.OPT_APPEND_NEWLINE | orjson.OPT_INDENT_2
    ).decode()


def proof_to_plain(proof: Proof) -> dict[str, Any]:
    """The whole proof as plain values."""
    sessions = proof.sessions
    return {
        "version": VERSION,
        "role": proof.role_arn,
        "asOf": proof.as_of,
        "verdict": proof.verdict.value,
        "there": dict(proof.there),
        "pathsLeft": [
            {
                "side": each.side,
                "account": each.account,
                "steps": list(each.steps),
                "certainty": each.certainty,
                "conditions": list(each.conditions),
            }
            for each in proof.paths
        ],
        "cannotTell": list(proof.doubts),
        "before": [_source(each) for each in proof.before],
        "hadAccess": list(proof.had),
        "sessions": None
        if sessions is None
        else {"until": sessions.until, "why": sessions.words, "powerless": sessions.powerless},
        "sources": [_source(each) for each in proof.sources],
        "leftOut": [{"where": each.where, "why": each.why} for each in proof.left_out],
    }


def schema() -> dict[str, Any]:
    """The JSON schema of the proof."""
    return cast(
        "dict[str, Any]", json.loads(Path(__file__).with_name("revoked.schema.json").read_text("utf-8"))
    )


def proof_to_markdown(proof: Proof) -> str:
    """The proof as a page: the verdict first, what it was read from last."""
    return "\n".join(_markdown(proof)) + "\n"


def proof_lines(proof: Proof) -> Iterator[str]:
    """The proof for a terminal."""
    yield visible(headline(proof))
    for title, said in _parts(proof):
        if said:
            yield ""
            yield f"{title}:"
            yield from (f"  - {visible(each)}" for each in said)


def headline(proof: Proof) -> str:
    """The role and the verdict, in one line."""
    return f"`{proof.role_arn}` {_SAID[proof.verdict]}. As of {proof.as_of}."


def _markdown(proof: Proof) -> Iterator[str]:
    yield f"# Revocation of {plain(f'`{proof.role_arn}`', _LONG)}"
    yield ""
    yield f"**{plain(headline(proof), _LONG)}**"
    for title, said in _parts(proof):
        if said:
            yield ""
            yield f"## {title}"
            yield ""
            yield from (f"- {plain(each, _LONG)}" for each in said)


def _parts(proof: Proof) -> Iterator[tuple[str, list[str]]]:
    yield "Paths left", [_path(each) for each in proof.paths]
    yield "Cannot tell", list(proof.doubts)
    sessions = proof.sessions
    if sessions is not None:
        until = f"end at {sessions.until} at the latest: " if sessions.until else ""
        yield "Sessions opened before", [f"{until}{sessions.words}"]
    yield (
        "The role",
        [f"{'in the state' if side == 'state' else 'live'}: {words}" for side, words in proof.there],
    )
    yield "Who had access before", list(proof.had)
    yield "Read before the revocation", [_read(each) for each in proof.before]
    yield "Read now", [_read(each) for each in proof.sources]
    yield "Left out", [each.why for each in proof.left_out]


def _path(each: PathLeft) -> str:
    steps = " → ".join(each.steps)
    doubt = {"yes": "", "under conditions": ", if ", "cannot tell": ", cannot tell: "}[each.certainty]
    said = " and ".join(each.conditions)
    return f"{'by the state' if each.side == 'state' else 'live'}: {steps}{doubt + said if said else ''}"


def _read(each: Source) -> str:
    if not each.stack and not each.digest:
        return f"{each.where}: read from {each.written} on, {count(each.resources, 'thing')}"
    stack = f"stack `{each.stack}`" if each.stack else "a stack without resources"
    parts = [
        f"{stack} of account {each.account}" if each.account else stack,
        f"`{each.where}`",
        f"version {each.version}" if each.version else "",
        f"written {each.written or 'at a time that is not recorded'}",
        f"SHA-256 `{each.digest}`",
    ]
    return ", ".join(part for part in parts if part)


def _source(each: Source) -> dict[str, Any]:
    return {
        "where": each.where,
        "stack": each.stack,
        "account": each.account,
        "written": each.written,
        "version": each.version,
        "sha256": each.digest,
    }
