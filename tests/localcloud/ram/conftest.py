"""A cloud of two accounts, and calls to RAM that go through authorization to the answer."""

from __future__ import annotations

import json

import pytest

from crossaccount.localcloud.authorize import first_refusal
from crossaccount.localcloud.call import Call
from crossaccount.localcloud.caller import Caller
from crossaccount.localcloud.cloud import Cloud
from crossaccount.localcloud.denial import denied
from crossaccount.localcloud.errors import ApiError
from crossaccount.localcloud.products import RAM
from crossaccount.localcloud.ram import OPERATIONS

A, B = "1234567890120000", "1345678901230000"


class Console:
    """Calls RAM as one caller of one account."""

    def __init__(self, cloud, account_id, user=None) -> None:
        self.cloud = cloud
        self.account = cloud.accounts[account_id]
        self.state = self.account.ram
        kind = "user" if user else "root"
        self.caller = Caller(kind, self.account, "key", self.state.users[user] if user else None)

    def __call__(self, action, /, **params):
        """The answer, as the wire would render it."""
        call = Call(
            cloud=self.cloud,
            account=self.account,
            caller=self.caller,
            params={name: str(value) for name, value in params.items()},
            region="cn-hangzhou",
            source_ip="127.0.0.1",
            request_id="7B8A0000-0000-4000-A000-000000000000",
        )
        operation = OPERATIONS[action]
        refusal = first_refusal(call, operation)
        if refusal is not None:
            raise denied(RAM, call, refusal)
        return json.loads(json.dumps(operation.answer(call)))

    def refused(self, action, /, **params):
        """The status and code of the refusal."""
        with pytest.raises(ApiError) as caught:
            self(action, **params)
        return caught.value.status, caught.value.code

    def message(self, action, /, **params):
        """The message of the refusal."""
        with pytest.raises(ApiError) as caught:
            self(action, **params)
        return caught.value.message


@pytest.fixture
def unserved():
    """A cloud of two accounts, without a server."""
    return Cloud([A, B], seed=7)


@pytest.fixture
def root(unserved):
    """The root of account A."""
    return Console(unserved, A)


@pytest.fixture
def root_b(unserved):
    """The root of account B."""
    return Console(unserved, B)


@pytest.fixture
def as_user(unserved):
    """Calls as a RAM user of account A."""
    return lambda name: Console(unserved, A, name)


@pytest.fixture
def trust():
    """A trust policy's text that names some principals; account B's root by default."""

    def build(*principals):
        named = list(principals) or [f"acs:ram::{B}:root"]
        statement = {"Action": "sts:AssumeRole", "Effect": "Allow", "Principal": {"RAM": named}}
        return json.dumps({"Version": "1", "Statement": [statement]})

    return build


@pytest.fixture
def allow():
    """An identity policy's text that allows some actions on some resources."""

    def build(*actions, resource="*", effect="Allow"):
        statement = {"Action": list(actions), "Effect": effect, "Resource": resource}
        return json.dumps({"Version": "1", "Statement": [statement]})

    return build
