"""A served cloud with a delegation in it, and nothing patched: each client is set up as its user would."""

from __future__ import annotations

import json
from dataclasses import dataclass

import pytest

from crossaccount.localcloud import Cloud
from crossaccount.localcloud.call import Call
from crossaccount.localcloud.caller import Caller
from crossaccount.localcloud.fc.entities import Code, Function, Service
from crossaccount.localcloud.ram import OPERATIONS

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


def _furnish(cloud):
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
    return partner("CreateAccessKey", UserName="dev")["AccessKey"]


@pytest.fixture
def scene(monkeypatch):
    """A delegation on a served cloud; no proxy and no credentials of the environment."""
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    cloud = Cloud([A, B])
    key = _furnish(cloud)
    root = cloud.accounts[A].root_key
    with cloud:
        yield Scene(cloud, (root.key_id, root.secret), (key["AccessKeyId"], key["AccessKeySecret"]))
    assert not cloud.faults
    assert not cloud.unimplemented
