"""What `crossaccount local` tells a person: where it serves, what it enforces, what to paste."""

from __future__ import annotations

from string import Template
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from crossaccount.localcloud.cloud import Cloud

_ENFORCED = "Always enforced: signatures, time stamps, nonces, key status, session expiry, policies."
_OBSERVED = (
    "OBSERVING: policies are decided and recorded, and what they deny is LET PASS.\n"
    "Still enforced: signatures, time stamps, nonces, key status, session expiry."
)


def banner(cloud: Cloud) -> str:
    """The text, root keys included; they are worth nothing elsewhere."""
    keys = "\n".join(
        f"  account {account.id}{f' ({account.alias})' if account.alias else ''}\n"
        f"    export ALIBABA_CLOUD_ACCESS_KEY_ID={account.root_key.key_id}\n"
        f"    export ALIBABA_CLOUD_ACCESS_KEY_SECRET={account.root_key.secret}"
        for account in cloud.accounts.values()
    )
    enforced = _OBSERVED if cloud.observe else _ENFORCED
    return _BANNER.substitute(
        endpoint=cloud.endpoint, ca=cloud.ca_file, keys=keys, enforced=enforced, region=cloud.region
    )


_BANNER = Template("""\
A local Alibaba Cloud is serving RAM, STS and Function Compute:
  http://${endpoint}
  https://${endpoint}   to who trusts ${ca}
${enforced}

Root keys, made up for this run and worth nothing elsewhere:
${keys}

Python SDK:
  Config(endpoint="${endpoint}", protocol="HTTP", region_id="${region}",
         access_key_id=..., access_key_secret=...)   # or protocol="HTTPS", ca="${ca}"
another region of Function Compute through the same port:
  Config(endpoint="fcv3.ap-northeast-1.aliyuncs.com", protocol="HTTP",
         http_proxy="http://${endpoint}", access_key_id=..., access_key_secret=...)
The aliyun CLI, and any other client over HTTPS with its own endpoints and regions:
  export HTTPS_PROXY=http://${endpoint} SSL_CERT_FILE=${ca}
  export ALIBABA_CLOUD_IGNORE_PROFILE=TRUE ALIBABA_CLOUD_REGION_ID=${region}
  aliyun sts GetCallerIdentity
This project, with the embedded engine and the account's key exported:
  crossaccount up --stack account-a --endpoint ${endpoint}
Pulumi, in a copy of the stack file that you name with --config-file (assumeRole: SSL_CERT_FILE, too):
  alicloud:protocol: HTTP
  alicloud:accountType: Domestic
  alicloud:endpoints: '[{"ram":"${endpoint}","sts":"${endpoint}","fc":"${endpoint}"}]'
Terraform:
  provider "alicloud" {
    region       = "${region}"
    protocol     = "HTTP"
    account_type = "Domestic"
    endpoints {
      ram = "${endpoint}"
      sts = "${endpoint}"
      fc  = "${endpoint}"
    }
  }
Side door (seed, reset, state, clock, faults, decisions): http://${endpoint}/_local/health
""")
