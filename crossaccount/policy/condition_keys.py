"""The condition keys: what requests say about themselves.

Source: RAM, "Policy elements", and the services' own pages (facts 1.4); the `fc:` keys: Function Compute,
"Policies and sample policies". A key that is not here is an error where a policy names it.
`acs:PrincipalTag/...` is in no documentation.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from crossaccount.policy.operators import ValueType

if TYPE_CHECKING:
    from collections.abc import Mapping

_STRING = ValueType.STRING

CONDITION_KEYS: Mapping[str, ValueType] = MappingProxyType(
    {
        "acs:CurrentTime": ValueType.DATE,
        "acs:MFAPresent": ValueType.BOOLEAN,
        "acs:PrincipalARN": _STRING,
        "acs:PrincipalRDId": _STRING,
        "acs:PrincipalRDPath": _STRING,
        "acs:RequestTag/<key>": _STRING,
        "acs:ResourceTag/<key>": _STRING,
        "acs:SecureTransport": ValueType.BOOLEAN,
        "acs:Service": _STRING,
        "acs:SourceIp": ValueType.IP,
        "acs:SourceVpc": _STRING,
        "acs:UserAgent": _STRING,
        "acs:VpcSourceIp": ValueType.IP,
        "fc:EnableCustomDomainHTTP": _STRING,
        "fc:EnableHTTPTriggerAnonymous": _STRING,
        "fc:EnableHTTPTriggerInternet": _STRING,
        "fc:EnableServiceInternetAccess": _STRING,
        "fc:EnableServiceSLSLogging": _STRING,
        "oidc:aud": _STRING,
        "oidc:iss": _STRING,
        "oidc:sub": _STRING,
        "ram:ServiceName": _STRING,
        "saml:recipient": _STRING,
        "sts:ExternalId": _STRING,
        "sts:SourceIdentity": _STRING,
    }
)

_WITH_TAG_KEY = ("acs:RequestTag/", "acs:ResourceTag/")


def condition_key_type(key: str) -> ValueType | None:
    """What the values of a condition key are; None for a key that is not known. Keys are case-sensitive.

    The tag keys are known with any non-empty tag key: `acs:ResourceTag/team`.
    """
    for prefix in _WITH_TAG_KEY:
        if key.startswith(prefix):
            return CONDITION_KEYS[prefix + "<key>"] if len(key) > len(prefix) else None
    return CONDITION_KEYS.get(key)
