"""What can be wrong, each with an exit code of its own (see `docs/doctor.md`)."""

from __future__ import annotations

from enum import Enum


class Diagnosis(Enum):
    """The diagnoses; each value is the exit code of `crossaccount doctor`, and `told` says it in words."""

    HEALTHY = 0
    FAILED = 1
    USAGE = 2
    UNTOLD = 3
    NO_CREDENTIALS = 10
    KEY_UNKNOWN = 11
    KEY_DISABLED = 12
    SESSION_ENDED = 13
    ROOT = 14
    WRONG_ACCOUNT = 15
    UNREACHABLE = 20
    NO_ANSWER = 21
    RESET = 22
    NO_SERVICE = 23
    BUSY = 24
    CLOCK = 25
    ROLE_MISSING = 30
    IDENTITY_POLICY = 31
    TRUST_POLICY = 32
    EXTERNAL_ID = 33
    MFA = 34
    EXPIRED = 35
    ONE_OF_TWO_GATES = 36
    SESSION_SETTINGS = 37
    NOT_OPEN = 40
    WRONG_REGION = 41
    ROLE_POLICIES = 42
    INTERRUPTED = 130

    @property
    def told(self) -> str:
        """The diagnosis in words."""
        return _TOLD[self]


_TOLD = {
    Diagnosis.HEALTHY: "every check that was reached passed",
    Diagnosis.FAILED: "something that no other code says",
    Diagnosis.USAGE: "an option, a file or a setting is wrong; nothing was called",
    Diagnosis.UNTOLD: "nothing failed, and a check could not be told from here",
    Diagnosis.NO_CREDENTIALS: "there are no usable credentials",
    Diagnosis.KEY_UNKNOWN: "the access key is unknown, or its secret or token is another one's",
    Diagnosis.KEY_DISABLED: "the access key, its user or its account is disabled or suspended",
    Diagnosis.SESSION_ENDED: "the caller's own session has ended",
    Diagnosis.ROOT: "the caller is the root of an account, and no root may assume a role",
    Diagnosis.WRONG_ACCOUNT: "the credentials are of another account than the one the role is meant for",
    Diagnosis.UNREACHABLE: "the endpoint cannot be reached: its name, its port, TLS or the proxy",
    Diagnosis.NO_ANSWER: "the endpoint takes the connection and does not answer in time",
    Diagnosis.RESET: "the connection is reset or closed before an answer",
    Diagnosis.NO_SERVICE: "something else answers, such as a proxy with a page",
    Diagnosis.BUSY: "the service fails inside or takes no more calls now",
    Diagnosis.CLOCK: "this machine's clock and the service's are more than 15 minutes apart",
    Diagnosis.ROLE_MISSING: "the role does not exist",
    Diagnosis.IDENTITY_POLICY: "gate 1: the caller's own policies do not allow sts:AssumeRole on the role",
    Diagnosis.TRUST_POLICY: "gate 2: the role's trust policy does not let the caller in",
    Diagnosis.EXTERNAL_ID: "gate 2: the external id is missing or another one",
    Diagnosis.MFA: "gate 2: the trust policy asks for MFA",
    Diagnosis.EXPIRED: "gate 2: the date that the trust policy ends at is over",
    Diagnosis.ONE_OF_TWO_GATES: "gate 1 or 2, and nothing tells which",
    Diagnosis.SESSION_SETTINGS: "STS refuses a setting of the session, such as its duration",
    Diagnosis.NOT_OPEN: "the role's account has not opened Function Compute",
    Diagnosis.WRONG_REGION: "the region does not exist, or another one is meant",
    Diagnosis.ROLE_POLICIES: "gate 3: the role's policies do not allow fc:ListFunctions",
    Diagnosis.INTERRUPTED: "interrupted",
}
