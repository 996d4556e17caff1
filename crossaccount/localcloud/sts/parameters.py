"""The parameters of AssumeRole, checked (section 4.1 of the facts)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crossaccount.localcloud import parameters
from crossaccount.localcloud.errors import ApiError
from crossaccount.localcloud.session import session_policy_source
from crossaccount.policy import PolicyError, Source

if TYPE_CHECKING:
    from collections.abc import Mapping

SHORTEST, LONGEST, DEFAULT = 900, 43200, 3600
LARGEST_POLICY = 2048
_ROLE_ARN = re.compile(
    r"acs:ram:\*?:([0-9]{1,32}):(?:(role|user|group)/)([A-Za-z0-9._@-]{1,128})", re.IGNORECASE
)
_SESSION_NAME = re.compile(r"[A-Za-z0-9.@_-]{2,64}")
_EXTERNAL_ID = re.compile(r"[\w+=,.@:/-]{2,1224}", re.ASCII)
_SOURCE_IDENTITY = re.compile(r"[\w+=,.@-]{2,64}", re.ASCII)


@dataclass(frozen=True, slots=True)
class AssumeRoleParameters:
    """What an AssumeRole call asks for.

    Attributes:
        role_arn: as sent.
        account_id: the account the ARN names.
        role_name: the role the ARN names, in any letter case; None when the ARN names a user or group.
        session_name: 2 to 64 characters.
        duration: seconds, 900 to 43200; the role's own limit is checked later.
        policy_document: the session policy as sent, or None.
        policy: the session policy as the evaluator takes it, or None.
        external_id: 2 to 1224 characters, or None.
        source_identity: 2 to 64 characters, or None.
    """

    role_arn: str
    account_id: str
    role_name: str | None
    session_name: str
    duration: int
    policy_document: str | None
    policy: Source | None
    external_id: str | None
    source_identity: str | None


def read_parameters(params: Mapping[str, str]) -> AssumeRoleParameters:
    """The checked parameters; those the API does not know, e.g. RegionId, are ignored as the gateway does.

    Raises:
        ApiError: 400 `MissingRoleArn`, `MissingRoleSessionName` or `InvalidParameter.*`.
    """
    role_arn = parameters.required(params, "RoleArn")
    arn = _ROLE_ARN.fullmatch(role_arn)
    if arn is None:
        raise parameters.invalid("RoleArn", "The parameter RoleArn is wrongly formed.")
    session_name = _matching(parameters.required(params, "RoleSessionName"), "RoleSessionName", _SESSION_NAME)
    document = params.get("Policy")
    return AssumeRoleParameters(
        role_arn=role_arn,
        account_id=arn[1],
        role_name=arn[3] if arn[2].lower() == "role" else None,
        session_name=session_name,
        duration=_duration(params),
        policy_document=document,
        policy=_session_policy(document) if document is not None else None,
        external_id=_optional_matching(params, "ExternalId", _EXTERNAL_ID),
        source_identity=_optional_matching(params, "SourceIdentity", _SOURCE_IDENTITY),
    )


def duration_error(longest: int) -> ApiError:
    """The refusal of a DurationSeconds out of bounds, to be raised by the caller.

    Args:
        longest: the longest duration allowed, in seconds.
    """
    hours = f"{longest / 3600:.4g}"
    return parameters.invalid("DurationSeconds", f"The Min/Max value of DurationSeconds is 15min/{hours}hr.")


def _duration(params: Mapping[str, str]) -> int:
    try:
        return parameters.integer(params, "DurationSeconds", DEFAULT, low=SHORTEST, high=LONGEST)
    except ApiError:
        raise duration_error(LONGEST) from None


def _session_policy(document: str) -> Source:
    if len(document) > LARGEST_POLICY:
        raise parameters.invalid(
            "PolicySize", f"The size of Policy must be smaller than {LARGEST_POLICY} bytes."
        )
    try:
        return session_policy_source(document)
    except PolicyError as error:
        message = f"The parameter Policy has not passed grammar check. {error}"
        raise parameters.invalid("PolicyGrammar", message) from None


def _matching(value: str, name: str, pattern: re.Pattern[str]) -> str:
    if not pattern.fullmatch(value):
        raise parameters.invalid(name, f"The parameter {name} is wrongly formed.")
    return value


def _optional_matching(params: Mapping[str, str], name: str, pattern: re.Pattern[str]) -> str | None:
    value = params.get(name)
    return None if value is None else _matching(value, name, pattern)
