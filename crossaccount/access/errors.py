"""What reading access raises.

AccessError
├── StateFileError        a file is not a whole Pulumi deployment of version 3
├── ForeignStackError     another project's or stack's state where one was named, or the same stack twice
├── PreviewError          a file is no preview, or a preview of a run that failed
├── UnknownAccountError   the account of a stack cannot be told
├── PolicyTextError       a policy does not parse
├── ConflictError         two stacks claim the same role, user, group or policy
└── QuestionError         a principal, action, resource or context value is not one
"""

from __future__ import annotations


class AccessError(Exception):
    """Access cannot be told; the message names the file and place, and what to do next."""


class StateFileError(AccessError):
    """A file is missing, truncated, not JSON, of another version, or holds a malformed resource."""


class ForeignStackError(AccessError):
    """A state is of another project or stack than was asked for, or was given twice."""


class PreviewError(AccessError):
    """A file is no `pulumi preview --json`, or the preview failed."""


class UnknownAccountError(AccessError):
    """Nothing in a stack says which account it is for, or two things in it disagree."""


class PolicyTextError(AccessError):
    """A policy of a stack is not of the policy language; names file, resource and place."""


class ConflictError(AccessError):
    """Two stacks claim to manage the same thing of one account."""


class QuestionError(AccessError):
    """What was asked cannot be read, or is about nobody who is known."""
