"""A delegation between two accounts of a local cloud, for clients that are set up as their users would."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crossaccount.localcloud.call import Call
from crossaccount.localcloud.caller import Caller
from crossaccount.localcloud.fc.entities import Code, Function, Service
from crossaccount.localcloud.ram import OPERATIONS

if TYPE_CHECKING:
    from crossaccount.localcloud import Cloud

A, B = "1234567890120000", "1345678901230000"
ROLE = f"acs:ram::{A}:role/fc-reader"
REGION = "cn-hangzhou"


@dataclass(frozen=True)
class Scene:
    """Account A with the role `fc-reader`, a function and a service; account B with the user `dev`.

    Attributes:
        cloud: the served cloud.
        owner: account A's root key, as (id, secret).
        partner: the key of B's user, as (id, secret).
    """

    cloud: Cloud
    owner: tuple[str, str]
    partner: tuple[str, str]

    @property
    def endpoint(self) -> str:
        """Where the cloud is served, without a scheme."""
        return self.cloud.endpoint


def _as_root(cloud, account_id):
    account = cloud.accounts[account_id]
    caller = Caller("root", account, account.root_key.key_id)

    def call(action, **params):
        made = Call(cloud, account, caller, params, REGION, "127.0.0.1", "R")
        return OPERATIONS[action].answer(made)

    return call


def furnish(cloud):
    """Makes role, policies, user, function and service; gives the key of the user as (id, secret)."""
    trust = {"Action": "sts:AssumeRole", "Effect": "Allow", "Principal": {"RAM": [f"acs:ram::{B}:root"]}}
    document = json.dumps({"Version": "1", "Statement": [trust]})
    owner, partner = _as_root(cloud, A), _as_root(cloud, B)
    owner("CreateRole", RoleName="fc-reader", AssumeRolePolicyDocument=document)
    read = {"PolicyType": "System", "PolicyName": "AliyunFCReadOnlyAccess"}
    owner("AttachPolicyToRole", RoleName="fc-reader", **read)
    partner("CreateUser", UserName="dev")
    assume = {"PolicyType": "System", "PolicyName": "AliyunSTSAssumeRoleAccess"}
    partner("AttachPolicyToUser", UserName="dev", **assume)
    region, now = cloud.accounts[A].fc.region(REGION), cloud.clock.iso()
    settings = {"runtime": "python3.10", "handler": "index.handler"}
    region.functions["report"] = Function("report", cloud.ids.uuid(), settings, Code(), now, now)
    region.services["jobs"] = Service("jobs", cloud.ids.uuid(), {}, now, now)
    key = partner("CreateAccessKey", UserName="dev")["AccessKey"]
    return key["AccessKeyId"], key["AccessKeySecret"]
