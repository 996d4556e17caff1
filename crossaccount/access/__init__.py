"""Who can do what: from stacks' states and previews, or from live accounts, to one graph of access.

`read_state` and `read_preview` read a stack, `read_account` a live account; `graph_of` puts them together.
`may_assume` lists the edges, with how sure each is.
`explain_access` answers for one principal and call, `who_can` for one call. Everything carries its evidence
(`Origin`), and what cannot be told is said, never left out. Secrets are not decrypted.
"""

from crossaccount.access.asking import Asking
from crossaccount.access.documents import Document
from crossaccount.access.edges import MayAssume, may_assume
from crossaccount.access.errors import (
    AccessError,
    ConflictError,
    ForeignStackError,
    PolicyTextError,
    PreviewError,
    QuestionError,
    StateFileError,
    UnknownAccountError,
)
from crossaccount.access.facts import CredentialFact, Facts, NotAnalysed
from crossaccount.access.gates import Gate, assume_gates, call_gate
from crossaccount.access.graph import AccessGraph, graph_of, graph_of_facts
from crossaccount.access.live import read_account
from crossaccount.access.nodes import Grant, Group, Node, Outsider, Role, Root, User
from crossaccount.access.origin import Origin
from crossaccount.access.paths import Answer, Path, explain_access, reach
from crossaccount.access.preview import preview_of, read_preview
from crossaccount.access.questions import find_principal, read_action, read_context, read_resource
from crossaccount.access.records import StackRecords
from crossaccount.access.ruling import Outcome, Ruling, Said
from crossaccount.access.state import read_state, state_of
from crossaccount.access.who_can import who_can

__all__ = [
    "AccessError",
    "AccessGraph",
    "Answer",
    "Asking",
    "ConflictError",
    "CredentialFact",
    "Document",
    "Facts",
    "ForeignStackError",
    "Gate",
    "Grant",
    "Group",
    "MayAssume",
    "Node",
    "NotAnalysed",
    "Origin",
    "Outcome",
    "Outsider",
    "Path",
    "PolicyTextError",
    "PreviewError",
    "QuestionError",
    "Role",
    "Root",
    "Ruling",
    "Said",
    "StackRecords",
    "StateFileError",
    "UnknownAccountError",
    "User",
    "assume_gates",
    "call_gate",
    "explain_access",
    "find_principal",
    "graph_of",
    "graph_of_facts",
    "may_assume",
    "preview_of",
    "reach",
    "read_account",
    "read_action",
    "read_context",
    "read_preview",
    "read_resource",
    "read_state",
    "state_of",
    "who_can",
]
