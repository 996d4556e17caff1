"""Where Function Compute is, and the hosts of its two generations.

Source: the endpoint table of the Function Compute 3.0 SDK 4.8.3, finance and dedicated regions left out;
facts 5.1.
"""

from __future__ import annotations

import re

from crossaccount.session.errors import ErrorKind, SessionError

REGIONS = (
    "ap-northeast-1",
    "ap-northeast-2",
    "ap-southeast-1",
    "ap-southeast-3",
    "ap-southeast-5",
    "ap-southeast-7",
    "cn-beijing",
    "cn-chengdu",
    "cn-hangzhou",
    "cn-hongkong",
    "cn-huhehaote",
    "cn-qingdao",
    "cn-shanghai",
    "cn-shenzhen",
    "cn-wulanchabu",
    "cn-zhangjiakou",
    "eu-central-1",
    "eu-west-1",
    "me-central-1",
    "us-east-1",
    "us-west-1",
)
_OWN_HOST = {"me-central-1": "me-central-1.fc.aliyuncs.com"}
_REGION = re.compile(r"[a-z]{2}(-[a-z0-9]+)+")


def checked(region: str) -> str:
    """The region, if it is spelled as one; regions newer than this list are taken too.

    Raises:
        SessionError: of kind USAGE.
    """
    if _REGION.fullmatch(region):
        return region
    raise SessionError(ErrorKind.USAGE, f"`{region}` is no region", "give its id, such as `cn-hangzhou`")


def functions_host(region: str) -> str:
    """The host of Function Compute 3.0."""
    return _OWN_HOST.get(region, f"fcv3.{region}.aliyuncs.com")


def services_host(region: str) -> str:
    """The host of Function Compute 2.0."""
    return f"fc.{region}.aliyuncs.com"
