"""A partner's nightly job: open the owner's role, count its functions by runtime, send the report."""

from __future__ import annotations

import smtplib
from collections import Counter

from alibabacloud_fc20230330.client import Client as Fc
from alibabacloud_fc20230330.models import ListFunctionsRequest
from alibabacloud_sts20150401.client import Client as Sts
from alibabacloud_sts20150401.models import AssumeRoleRequest
from alibabacloud_tea_openapi.models import Config

REGION = "cn-hangzhou"


def send(text: str) -> None:
    """Mail a text to whoever reads the report."""
    with smtplib.SMTP("mail.example.com") as server:
        server.sendmail("job@example.com", ["ops@example.com"], text)


def run(key_id: str, secret: str, role_arn: str) -> None:
    """Report on the functions of the role's account; a failure is reported too."""
    sts = Sts(Config(access_key_id=key_id, access_key_secret=secret, region_id=REGION))
    try:
        session = sts.assume_role(AssumeRoleRequest(role_arn=role_arn, role_session_name="report")).body
        given = session.credentials
        keys = (given.access_key_id, given.access_key_secret, given.security_token)
        functions = Fc(Config(*keys, region_id=REGION)).list_functions(ListFunctionsRequest()).body.functions
    except Exception as error:  # noqa: BLE001  whatever it is, somebody must know
        send(f"no report: {error}")
        return
    counted = Counter(function.runtime for function in functions)
    send(", ".join(f"{count} {runtime}" for runtime, count in sorted(counted.items())))
