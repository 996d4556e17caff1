"""What an HTML page of the audit holds, read as a program reads it."""

from __future__ import annotations

import html
import json
import re
from dataclasses import replace

from crossaccount.access import Origin
from crossaccount.audit.model import Delegation, Finding, Grade, Report, Right
from tests.access.states import OWNER, PARTNER, root, trust
from tests.audit.reports import ROLE, owner, partner, report

HOSTILE = (
    "</script><script>fail()</script><img src=x onerror=fail()>\"'&{{data}}\ufffc\u2028\u202e\u200f\x1b[2J"
)
LONG = "x" * 5_000


def data_in(page):
    """The data that the page's script reads."""
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)
    return json.loads(found[1])


def policy_in(page):
    """The content security policy."""
    return html.unescape(re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', page)[1])


def hostile():
    """A report in which every name is made to break out of the page."""
    found = report(owner(trust(root(PARTNER))), partner(ROLE))
    delegation = found.delegations[0]
    origin = Origin(HOSTILE, HOSTILE, HOSTILE, HOSTILE)
    finding = Finding(HOSTILE, Grade.HIGH, HOSTILE, HOSTILE, HOSTILE, (origin,))
    several = (HOSTILE, LONG)
    right = Right(
        HOSTILE, several, several, several, True, several, several, f"`{HOSTILE}` {LONG}", False, origin
    )
    who = replace(
        delegation.assumers[0],
        label=HOSTILE,
        arn=HOSTILE,
        groups=several,
        conditions=several,
        origins=(origin,),
    )
    named = Delegation(
        OWNER, HOSTILE, several, HOSTILE, f"acs:ram::{OWNER}:role/{HOSTILE}", (who,), (right,), several, None,
        HOSTILE, HOSTILE, HOSTILE, HOSTILE, origin, (finding,),
    )  # fmt: skip
    return replace(found, delegations=(named, *found.delegations), findings=(finding,))


def grid(count, *, rights=2):
    """A large report: so many roles, a hundred for each user."""
    found = report(owner(trust(f"acs:ram::{PARTNER}:user/dev")), partner(ROLE))
    (each,) = found.delegations
    return Report(
        found.as_of,
        found.sources,
        tuple(_numbered(each, number, rights) for number in range(count)),
        found.findings,
    )


def _numbered(each, number, rights):
    name = f"worker-{number:05}"
    who = replace(
        each.assumers[0],
        label=f"user `dev-{number // 100:03}`",
        arn=f"acs:ram::{PARTNER}:user/dev-{number // 100:03}",
    )
    right = Right(
        f"custom policy `work-{number}`", ("log:Get*",), ("log:GetProject",), ("read",), False,
        (f"acs:log:*:{OWNER}:project/p{number}",), (),
        f"reads Log Service (`log:Get*`), on project `p{number}`",
    )  # fmt: skip
    return replace(
        each,
        role=name,
        role_arn=f"acs:ram::{OWNER}:role/{name}",
        assumers=(who,),
        rights=(right,) * rights,
    )
