"""AssumeRoleWithOIDC: a token of a registered OpenID Connect provider in place of a signature.

Source: STS 2015-04-01, AssumeRoleWithOIDC and "Error codes". The provider's keys are those registered with
the local cloud: nothing is fetched. A token's times are compared with the cloud's own.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from crossaccount.localcloud.caller import Caller, Vouched
from crossaccount.localcloud.clock import iso
from crossaccount.localcloud.errors import ApiError
from crossaccount.localcloud.parameters import required
from crossaccount.localcloud.sts.federated import PROVIDER_ARN, assume_federated

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crossaccount.localcloud.call import Call
    from crossaccount.localcloud.cloud import Cloud
    from crossaccount.localcloud.identity_providers import OidcProvider

ACTION = "sts:AssumeRoleWithOIDC"
LONGEST_TOKEN = 20_000
SKEW = 60
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"]
_LAST_MOMENT = 253_402_300_799  # the end of the year 9999
_THREE_PARTS = re.compile(r"[\w-]+\.[\w-]+\.[\w-]+", re.ASCII)


def identify(cloud: Cloud, params: Mapping[str, str]) -> Caller:
    """Whom the token names, when a registered provider signed it for one of its clients and it is in time.

    Raises:
        ApiError: 400 `Missing*`, or 401 `AuthenticationFail.*`.
    """
    arn = PROVIDER_ARN.fullmatch(required(params, "OIDCProviderArn"))
    account = cloud.accounts.get(arn[1]) if arn is not None and arn[2].lower() == "oidc" else None
    provider = account.providers.oidc.get(arn[3]) if account is not None and arn is not None else None
    if account is None or provider is None:
        raise ApiError(401, "AuthenticationFail.NoPermission", "No such OIDC Provider registered.")
    now = cloud.clock.epoch()
    claims = _verified(provider, required(params, "OIDCToken"), now)
    audiences = _audiences(claims)
    info = {
        "Subject": claims["sub"],
        "Issuer": claims["iss"],
        "ClientIds": ",".join(audiences),
        "IssuanceTime": iso(claims["iat"]),
        "ExpirationTime": iso(claims["exp"]),
        "VerificationInfo": "Success",
    }
    context = {"oidc:iss": claims["iss"], "oidc:sub": claims["sub"], "oidc:aud": audiences}
    vouched = Vouched(f"oidc-provider/{provider.name}", claims["sub"], context, {"OIDCTokenInfo": info})
    return Caller("federated", account, "", vouched=vouched)


def assume_role_with_oidc(call: Call) -> dict[str, Any]:
    """Opens a session of a role that trusts the provider.

    Raises:
        ApiError: 401 `AuthenticationFail.NoPermission` when it does not, or as AssumeRole.
    """
    refusal = ApiError(401, "AuthenticationFail.NoPermission", "There is no permission.")
    return assume_federated(call, call.params, ACTION, refusal)


def _invalid(message: str, kind: str = "Invalid") -> ApiError:
    return ApiError(401, f"AuthenticationFail.OIDCToken.{kind}", message)


def _verified(provider: OidcProvider, token: str, now: float) -> dict[str, Any]:
    if len(token) > LONGEST_TOKEN or not _THREE_PARTS.fullmatch(token):
        raise _invalid("The number of Jwt field should be divided into 3 parts with '.' .")
    if provider.jwks is None:
        raise _invalid(
            f"The local cloud holds no signing keys of the provider `{provider.name}` and fetches none; "
            "register them with `POST /_local/oidc-keys`."
        )
    claims = _signed_claims(provider.jwks, token)
    for name, holds in (("iss", _is_text), ("sub", _is_text), ("exp", _is_moment), ("iat", _is_moment)):
        if not holds(claims.get(name)):
            raise _invalid(f"The Jwt content is invalid that cannot be recognized: `{name}`.")
    if claims["iss"] != provider.issuer_url:
        raise _invalid("The issuer of the token is not that of the OIDC Provider.")
    if not set(_audiences(claims)) & set(provider.client_ids):
        raise _invalid("Invalid audience.", "AudienceNotMatch")
    _check_times(claims, provider.issuance_limit_hours * 3600, now)
    return claims


def _is_text(value: object) -> bool:
    return isinstance(value, str) and value.isprintable() and value != ""


def _is_moment(value: object) -> bool:
    # JSON as Python reads it has NaN and Infinity, which are neither before nor after anything.
    return isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value <= _LAST_MOMENT


def _check_times(claims: Mapping[str, Any], limit: float, now: float) -> None:
    begins = claims.get("nbf", claims["iat"])
    if not _is_moment(begins) or max(begins, claims["iat"]) > now + SKEW:
        raise _invalid("The token is not valid yet.")
    if claims["exp"] <= now or claims["iat"] + limit <= now:
        raise _invalid("This JsonWebToken is expired.", "Expired")


def _signed_claims(jwks: Mapping[str, Any], token: str) -> dict[str, Any]:
    from joserfc import errors, jwt  # noqa: PLC0415  slow, and only federated callers need it
    from joserfc.jwk import KeySet  # noqa: PLC0415

    try:
        keys = KeySet.import_key_set({"keys": list(jwks["keys"])})
        return dict(jwt.decode(token, keys, algorithms=ALGORITHMS).claims)
    except errors.BadSignatureError:
        message = "OIDC token validate failed: invalid signature."
        raise _invalid(message, "InvalidSignature") from None
    except errors.UnsupportedAlgorithmError:
        raise _invalid("The algorithm that be specified in Jwt header is unknown.") from None
    except (errors.JoseError, ValueError, TypeError, KeyError, RecursionError):
        raise _invalid("The Jwt content is invalid that cannot be recognized.") from None


def _audiences(claims: Mapping[str, Any]) -> tuple[str, ...]:
    given = claims.get("aud", ())
    values = (given,) if isinstance(given, str) else given
    if not isinstance(values, (list, tuple)) or not all(_is_text(value) for value in values):
        raise _invalid("Invalid audience.", "AudienceNotMatch")
    return tuple(values)
