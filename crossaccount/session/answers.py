"""A session as JSON: STS's own answer, and what the aliyun CLI reads from an External profile's command."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from crossaccount.session.role_session import RoleSession


def sts_answer(session: RoleSession) -> str:
    """The answer of AssumeRole, as the API writes it (facts 4.2)."""
    answer: dict[str, object] = {
        "RequestId": session.request_id,
        "AssumedRoleUser": {"Arn": session.assumed_role_arn, "AssumedRoleId": session.assumed_role_id},
        "Credentials": {
            "SecurityToken": session.security_token,
            "AccessKeyId": session.access_key_id,
            "AccessKeySecret": session.access_key_secret,
            "Expiration": session.expiration,
        },
    }
    if session.source_identity:
        answer["SourceIdentity"] = session.source_identity
    return json.dumps(answer, indent=2)


def external_credentials(session: RoleSession) -> str:
    """What an External profile's command has to print, for every consumer of it.

    `mode` is always there: without it the aliyun CLI calls the command without end. No other key is: the
    CLI lays each onto the profile. `expiration` is UTC with `Z`: the Python SDK reads no other form.
    """
    return json.dumps(
        {
            "mode": "StsToken",
            "access_key_id": session.access_key_id,
            "access_key_secret": session.access_key_secret,
            "sts_token": session.security_token,
            "expiration": session.expiration,
        }
    )


def credentials_uri_answer(session: RoleSession) -> str:
    """What a credentials URI answers (facts 7.2)."""
    return json.dumps(
        {
            "Code": "Success",
            "AccessKeyId": session.access_key_id,
            "AccessKeySecret": session.access_key_secret,
            "SecurityToken": session.security_token,
            "Expiration": session.expiration,
        }
    )
