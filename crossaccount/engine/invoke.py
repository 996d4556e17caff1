"""Calls of provider functions, and references to other stacks' outputs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crossaccount.engine.errors import ProjectError, UnsupportedError
from crossaccount.engine.events import Diagnostic, Severity
from crossaccount.engine.invokes import INVOKES
from crossaccount.engine.policy_document import policy_document
from crossaccount.engine.state_file import StateFile
from crossaccount.engine.values import Properties, has_secret

if TYPE_CHECKING:
    from crossaccount.engine.context import Context

_IDENTITY = frozenset(
    {"alicloud:index/getCallerIdentity:getCallerIdentity", "alicloud:index/getAccount:getAccount"}
)
_GET_RESOURCE = "pulumi:pulumi:getResource"
_POLICY_DOCUMENT = "alicloud:ram/getPolicyDocument:getPolicyDocument"
_STACK_PARTS = 3  # organization/project/stack


def invoke(context: Context, token: str, arguments: Properties) -> Properties:
    """Answer a provider function.

    Without a target the caller's identity is the account that the stack names.

    Raises:
        UnsupportedError: the function is not handled; names it.
        EngineError: the function failed.
    """
    if token in _IDENTITY and context.api is None:
        return _named_identity(context)
    if token == _POLICY_DOCUMENT:
        return policy_document(arguments)
    function = INVOKES.get(token)
    if token == _GET_RESOURCE:
        raise UnsupportedError(
            "the option `urn`, which reads a resource that another program made, is not handled by the "
            "embedded engine; nothing was changed: use `pulumi up`"
        )
    if function is None:
        raise UnsupportedError(
            f"the function `{token}` is not handled by the embedded engine; "
            "nothing was changed: use `pulumi up`"
        )
    if context.api is None:
        raise UnsupportedError(
            f"the function `{token}` asks the account, and there are no credentials: give an endpoint"
        )
    answer: Properties = function(context.api, arguments)
    return answer


def _named_identity(context: Context) -> Properties:
    account = context.account
    if account is None:
        raise UnsupportedError(
            f"the program asks whose credentials it has, and there are none: name the account under "
            f"`{context.project.name}:account` in the stack file, or give an endpoint"
        )
    context.on_event(
        Diagnostic(
            Severity.WARNING,
            f"account `{account}` is the one the stack names; no credentials verified it",
        )
    )
    return {
        "accountId": account,
        "arn": f"acs:ram::{account}:root",
        "id": account,
        "identityType": "Account",
    }


def stack_outputs(context: Context, reference: str) -> tuple[Properties, list[str]]:
    """Return the outputs of another stack and the names of the secret ones.

    Args:
        context: the run.
        reference: `stack`, `project/stack` or `organization/project/stack`.

    Raises:
        ProjectError: there is no such stack in the state directory.
        StateError: its state cannot be read.
    """
    *owner, stack = reference.split("/")
    project = owner[-1] if owner else context.project.name
    if len(owner) >= _STACK_PARTS or not stack or not project or ".." in (project, stack):
        raise ProjectError(
            f"stack reference `{reference}` is not `organization/project/stack` or a part of it"
        )
    file = StateFile(context.state_directory, project, stack, passphrase=context.passphrase)
    if not file.path.exists() and not file.journal.exists():
        raise ProjectError(
            f"stack reference `{reference}`: stack `{stack}` of project `{project}` has no state here; "
            "bring it up first"
        )
    root = file.load().root
    outputs = dict(root.outputs) if root else {}
    names = sorted(name for name, value in outputs.items() if has_secret(value))
    return outputs, names
