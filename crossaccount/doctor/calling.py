"""The checks up to the caller: credentials, network, clock, access key, account (facts 3.5 and 4.4)."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from crossaccount.doctor.check import Check, failed, not_told, ok
from crossaccount.doctor.diagnosis import Diagnosis
from crossaccount.doctor.observations import Reach, Trouble, plain
from crossaccount.session.errors import ErrorKind
from crossaccount.session.sdk_call import is_local

if TYPE_CHECKING:
    from crossaccount.doctor.observations import Answer, Observations
    from crossaccount.session.sts_call import Caller

WINDOW = 15 * 60
_WORTH_TELLING = 60
TROUBLES = {
    Trouble.NAME: Diagnosis.UNREACHABLE,
    Trouble.REFUSED: Diagnosis.UNREACHABLE,
    Trouble.TLS: Diagnosis.UNREACHABLE,
    Trouble.PROXY: Diagnosis.UNREACHABLE,
    Trouble.HANGS: Diagnosis.NO_ANSWER,
    Trouble.RESET: Diagnosis.RESET,
    Trouble.PAGE: Diagnosis.NO_SERVICE,
    Trouble.OTHER: Diagnosis.UNREACHABLE,
}
_OTHER_REGION = "name another region, or none for the central STS: --region cn-hangzhou"
_SET_CLOCK = "timedatectl set-ntp true"
_KEYS = {
    "InvalidAccessKeyId.Inactive": Diagnosis.KEY_DISABLED,
    "Inactive": Diagnosis.KEY_DISABLED,
    "InvalidSecurityToken.Expired": Diagnosis.SESSION_ENDED,
    "InvalidAccessKeyId": Diagnosis.KEY_UNKNOWN,
    "SignatureDoesNotMatch": Diagnosis.KEY_UNKNOWN,
    "InvalidSecurityToken": Diagnosis.KEY_UNKNOWN,
    "MissingSecurityToken": Diagnosis.KEY_UNKNOWN,
}


def credentials(seen: Observations) -> Check | None:
    """Whether there is a key to call with."""
    name = "credentials"
    if seen.no_key is not None:
        told = seen.no_key
        return failed(name, Diagnosis.NO_CREDENTIALS, plain(told.text), (), _lines(told.advice))
    return ok(name, plain(seen.source)) if seen.source else None


def network(seen: Observations) -> Check | None:
    """Whether STS, and nothing else, answers at the endpoint."""
    name, reach = "network", seen.reach
    if reach is None:
        return None
    if seen.central is not None and seen.central.trouble is None:
        text = f"there is no `{reach.host}`; `{seen.central.host}` answers"
        found = (*reach.evidence, *seen.central.evidence)
        return failed(name, Diagnosis.WRONG_REGION, text, found, (_OTHER_REGION,))
    if reach.trouble is not None:
        return _no_answer(name, reach)
    trouble = None if seen.identity is None else seen.identity.trouble
    if trouble is not None:
        text = f"`{reach.host}` answers an unsigned request, and not a signed one: {trouble.value}"
        mend = network_mends(reach, trouble)
        return failed(name, TROUBLES[trouble], text, reach.evidence, mend)
    through = f", through the proxy `{reach.proxy}`" if reach.proxy else ""
    return ok(name, f"STS answers at `{reach.host}`{through}", *reach.evidence)


def _no_answer(name: str, reach: Reach) -> Check:
    """The check of a host that gives no usable answer."""
    trouble = reach.trouble or Trouble.OTHER
    ahead = reach.local_time - (reach.server_time or reach.local_time)
    if trouble is Trouble.TLS and abs(ahead) > WINDOW:
        text = f"TLS finds no valid certificate: this machine's clock is {_span(ahead)}"
        return failed(name, Diagnosis.CLOCK, text, (*reach.evidence, _times(reach)), (_SET_CLOCK,))
    text = f"`{reach.host}` cannot be used: {trouble.value}"
    return failed(name, TROUBLES[trouble], text, reach.evidence, network_mends(reach, trouble))


def network_mends(reach: Reach, trouble: Trouble) -> tuple[str, ...]:
    """What to do about a host without a usable answer."""
    host = reach.host.partition(":")[0]
    url = f"{'http' if is_local(reach.host) else 'https'}://{reach.host}"
    proxy = "look at `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY`: env | grep -i proxy"
    asked = f"curl -sS -m 10 -o /dev/null -D - '{url}/?Format=JSON'"
    by_trouble = {
        Trouble.NAME: (f"look at the spelling of `{host}`, or at the resolver: getent hosts {host}",),
        Trouble.REFUSED: (f"look at `--endpoint` and at a firewall: {asked}",),
        Trouble.TLS: (
            f"look at this machine's clock and certificates: {asked}",
            "where a proxy opens TLS, name its root certificate: export SSL_CERT_FILE=<file in PEM>",
        ),
        Trouble.PROXY: (proxy,),
        Trouble.HANGS: (f"look at a firewall or proxy that drops packets: {asked}", proxy),
        Trouble.RESET: (f"look at a firewall or proxy that cuts TLS: {asked}", proxy),
        Trouble.PAGE: ("sign in to the network, or take the proxy out of the way", proxy),
    }
    return by_trouble.get(trouble, (asked, proxy))


def clock(seen: Observations) -> Check | None:
    """Whether the clocks are near enough for a signature to hold."""
    name, reach, answer = "clock", seen.reach, seen.identity
    if reach is None or reach.trouble is not None:
        return None
    refused = answer is not None and answer.code.startswith("InvalidTimeStamp")
    evidence = [answer.line] if answer is not None and refused else []
    if reach.server_time is None:
        if refused:
            text = "STS finds the call's time more than 15 minutes off"
            return failed(name, Diagnosis.CLOCK, text, evidence, (_SET_CLOCK,))
        if answer is not None and answer.is_good:
            return ok(name, "STS takes the call's time")
        return not_told(name, "the answer has no `Date`")
    ahead = reach.local_time - reach.server_time
    evidence.append(_times(reach))
    apart = f"this machine's clock is {_span(ahead)}"
    is_taken = answer is not None and answer.is_good
    if refused or (abs(ahead) > WINDOW and not is_taken):
        text = f"{apart}; STS allows 15 minutes" if abs(ahead) > WINDOW else "STS finds the call's time off"
        return failed(name, Diagnosis.CLOCK, text, evidence, (_SET_CLOCK,))
    return ok(name, apart if abs(ahead) > _WORTH_TELLING else "the clocks agree", *evidence)


def key(seen: Observations) -> Check | None:
    """Whether STS knows the access key, and who it belongs to."""
    name, answer = "access key", seen.identity
    if answer is None or answer.trouble is not None or answer.code.startswith("InvalidTimeStamp"):
        return None
    if seen.caller is not None:
        return ok(name, f"it belongs to `{plain(seen.caller.arn)}`", answer.line)
    return refused_key(name, answer, seen)


def refused_key(name: str, answer: Answer, seen: Observations) -> Check:
    """The check of a call that is refused for who makes it, or not answered well at all."""
    failure, trouble = answer.failure, answer.trouble
    text = plain(failure.text) if failure else "it does not say who calls"
    if trouble is not None:
        mend = network_mends(Reach(answer.where), trouble)
        return failed(name, TROUBLES[trouble], text, (answer.line,), mend)
    diagnosis = next((each for code, each in _KEYS.items() if answer.code.startswith(code)), None)
    if diagnosis is None:
        busy = failure is not None and failure.kind is ErrorKind.UNREACHABLE
        diagnosis = Diagnosis.BUSY if busy else Diagnosis.FAILED
        return failed(name, diagnosis, text, (answer.line,), _lines(failure.advice if failure else ""))
    found = (*_lines(failure.advice if failure else ""), f"the key comes from {plain(seen.source)}")
    return failed(name, diagnosis, text, (answer.line,), found)


def account(seen: Observations) -> Check | None:
    """Whether the caller is of the account that the role is meant for."""
    name, caller = "account", seen.caller
    if caller is None:
        return None
    if seen.for_principal is not None:
        return _on_behalf(name, seen, caller)
    evidence = (f"GetCallerIdentity: {caller.kind} `{plain(caller.arn)}` of account `{caller.account}`",)
    if caller.kind == "Account":
        text = f"the key is the root's of account `{caller.account}`, and no root may assume a role"
        mend = ("use the access key of a RAM user, or a role's session: `--profile NAME`",)
        return failed(name, Diagnosis.ROOT, text, evidence, mend)
    return _expected(name, seen, caller, evidence)


def _on_behalf(name: str, seen: Observations, caller: Caller) -> Check:
    sides = (seen.request.account, seen.principal.split(":")[3])
    if caller.account in sides:
        return ok(name, f"`{plain(caller.arn)}` looks on behalf of `{plain(seen.principal)}`")
    text = f"the caller is of account `{caller.account}`, neither the owner's nor the partner's"
    mend = (f"use a key of account `{sides[0]}` or `{sides[1]}`: `--profile NAME`",)
    return failed(name, Diagnosis.WRONG_ACCOUNT, text, (), mend)


def _expected(name: str, seen: Observations, caller: Caller, evidence: tuple[str, ...]) -> Check:
    meant = _meant(seen)
    is_in = seen.assume is not None and seen.assume.is_good
    if is_in or meant is None or caller.account in meant[0]:
        return ok(name, f"account `{caller.account}`", *evidence)
    named = " or ".join(f"`{each}`" for each in meant[0])
    accounts = f"account {named}" if named else "a partner's account"
    text = f"the caller is of account `{caller.account}`; the role is meant for {accounts}"
    partner = meant[0][0] if meant[0] else "<partner's account>"
    mend = (
        f"use a key of {accounts}: `--profile NAME`, or other `ALIBABA_CLOUD_...` variables",
        f"from the owner's side, say for whom: --as acs:ram::{partner}:user/NAME --live",
    )
    return failed(name, Diagnosis.WRONG_ACCOUNT, text, (*evidence, meant[1]), mend)


def _meant(seen: Observations) -> tuple[tuple[str, ...], str] | None:
    """Whom the role is meant for, and what says so; None where nothing does."""
    if seen.handed is not None and seen.handed.partner:
        return (seen.handed.partner,), f"the hand-over is for account `{seen.handed.partner}`"
    owner = seen.request.account
    if seen.role is not None and seen.role.accounts:
        named = ", ".join(f"`{each}`" for each in seen.role.accounts)
        return seen.role.accounts, f"the role's trust policy names only account {named}"
    refused = seen.assume is not None and seen.assume.code == "NoPermission"
    if refused and seen.caller is not None and seen.caller.account == owner:
        return (), f"the caller and the role are both of account `{owner}`"
    return None


def _lines(text: str) -> tuple[str, ...]:
    return (plain(text, 2000),) if text else ()


def _times(reach: Reach) -> str:
    return f"server {_iso(reach.server_time or 0)}, this machine {_iso(reach.local_time)}"


def _iso(moment: float) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(moment))


def _span(seconds: float) -> str:
    size = abs(round(seconds))
    units = ((365 * 86400, "years"), (86400, "days"), (3600, "hours"), (60, "minutes"), (1, "seconds"))
    unit, word = next((each for each in units if size >= 2 * each[0]), units[-1])
    return f"{round(size / unit)} {word} {'ahead of' if seconds > 0 else 'behind'} the service's"
