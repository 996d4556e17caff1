"""AssumeRoleWithSAML: a signed SAML response of a registered provider in place of a signature.

Source: STS 2015-04-01, AssumeRoleWithSAML; RAM, "SAML response for role-based SSO". Only what the provider's
certificate signed is read: never the document around it.
"""

from __future__ import annotations

import base64
import binascii
from datetime import datetime
from typing import TYPE_CHECKING, Any

from crossaccount.localcloud.caller import Caller, Vouched
from crossaccount.localcloud.errors import ApiError
from crossaccount.localcloud.sts.federated import PROVIDER_ARN, assume_federated

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crossaccount.localcloud.call import Call
    from crossaccount.localcloud.cloud import Cloud
    from crossaccount.localcloud.sts.saml_document import Assertion

ACTION = "sts:AssumeRoleWithSAML"
LONGEST_ASSERTION = 100_000
SKEW = 60
AUDIENCES = {"urn:alibaba:cloudcomputing", "urn:alibaba:cloudcomputing:international"}
RECIPIENTS = {
    "https://signin.aliyun.com/saml-role/sso",
    "https://signin.alibabacloud.com/saml-role/sso",
}


def identify(cloud: Cloud, params: Mapping[str, str]) -> Caller:
    """Whom the assertion names, when a registered provider signed it and it is in time.

    Raises:
        ApiError: 400 `MissingParameter.*`, 404 `EntityNotExist.SAMLProvider`, or 401 `AuthenticationFail.*`.
    """
    from crossaccount.localcloud.sts import saml_document  # noqa: PLC0415  slow, and only SAML needs it

    for name in ("SAMLProviderArn", "RoleArn", "SAMLAssertion"):
        if not params.get(name):
            raise ApiError(400, f"MissingParameter.{name}", f"Parameter {name} is required.")
    arn = PROVIDER_ARN.fullmatch(params["SAMLProviderArn"])
    account = cloud.accounts.get(arn[1]) if arn is not None and arn[2].lower() == "saml" else None
    provider = account.providers.saml.get(arn[3]) if account is not None and arn is not None else None
    if account is None or provider is None:
        raise ApiError(404, "EntityNotExist.SAMLProvider", "Can not find SAML provider.")
    try:
        metadata = saml_document.read_metadata(provider.metadata)
    except ValueError:
        message = "The IdP Metadata of your SAML Provider is invalid."
        raise ApiError(401, "AuthenticationFail.IDPMetadata.Invalid", message) from None
    try:
        assertion = saml_document.read_assertion(_decoded(params["SAMLAssertion"]), metadata)
    except ValueError as error:
        raise _invalid(str(error)) from None
    _check(assertion, cloud.clock.epoch())
    _check_role(assertion, params)
    info = {
        "SubjectType": assertion.subject_type,
        "Subject": assertion.subject,
        "Recipient": assertion.recipient,
        "Issuer": assertion.issuer,
    }
    vouched = Vouched(
        f"saml-provider/{provider.name}",
        assertion.subject,
        {"saml:recipient": assertion.recipient},
        {"SAMLAssertionInfo": info},
        assertion.session_name,
    )
    return Caller("federated", account, "", vouched=vouched)


def assume_role_with_saml(call: Call) -> dict[str, Any]:
    """Opens a session of a role that trusts the provider; the assertion names the session.

    Raises:
        ApiError: 403 `NoPermission` when it does not, or as AssumeRole.
    """
    refusal = ApiError(
        403, "NoPermission", "You are not authorized to do this action. You should be authorized by RAM."
    )
    vouched = call.caller.vouched
    name = vouched.session_name if vouched is not None else ""
    kept = {key: call.params[key] for key in ("RoleArn", "Policy", "DurationSeconds") if key in call.params}
    return assume_federated(call, {**kept, "RoleSessionName": name}, ACTION, refusal)


def _invalid(why: str) -> ApiError:
    message = f"The SAML Assertion is invalid. {why}"
    return ApiError(401, "AuthenticationFail.SAMLAssertion.Invalid", message)


def _decoded(text: str) -> bytes:
    if len(text) > LONGEST_ASSERTION:
        raise _invalid(f"It is longer than {LONGEST_ASSERTION} characters.")
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        raise _invalid("It is not base64.") from None


def _check(assertion: Assertion, now: float) -> None:
    if not AUDIENCES & set(assertion.audiences):
        raise _invalid(f"Its audience is none of {', '.join(sorted(AUDIENCES))}.")
    if assertion.recipient.lower() not in RECIPIENTS:
        raise _invalid(f"Its recipient is none of {', '.join(sorted(RECIPIENTS))}.")
    if any(_moment(text) > now + SKEW for text in assertion.not_before):
        raise _invalid("It is not valid yet.")
    if not assertion.not_on_or_after or any(_moment(text) <= now for text in assertion.not_on_or_after):
        raise ApiError(401, "AuthenticationFail.SAMLAssertion.Expired", "The SAML Assertion is expired.")


def _check_role(assertion: Assertion, params: Mapping[str, str]) -> None:
    asked = {params["RoleArn"].lower(), params["SAMLProviderArn"].lower()}
    offered = [{part.strip().lower() for part in pair.split(",")} for pair in assertion.roles]
    if asked not in offered:
        raise _invalid("It does not offer this role together with this provider.")


def _moment(text: str) -> float:
    try:
        moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        raise _invalid("A time in it is no time.") from None
    if moment.tzinfo is None:
        raise _invalid("A time in it has no time zone.")
    return moment.timestamp()
