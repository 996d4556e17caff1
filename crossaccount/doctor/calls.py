"""The signed calls: GetCallerIdentity, AssumeRole, ListFunctions, DecodeDiagnosticMessage.

None changes anything; the session that AssumeRole opens is used here and forgotten.
"""

from __future__ import annotations

import calendar
import re
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any

from crossaccount.doctor.denial import encoded_message
from crossaccount.doctor.observations import Answer, plain
from crossaccount.session.errors import ErrorKind, SessionError
from crossaccount.session.functions.refusals import refusal as function_refusal
from crossaccount.session.functions.regions import functions_host
from crossaccount.session.key import Key
from crossaccount.session.refusals import refusal
from crossaccount.session.role_session import RoleSession
from crossaccount.session.sdk_call import answered, connection, is_local
from crossaccount.session.sts_call import Caller

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from crossaccount.session.request import SessionRequest

PRINCIPAL = re.compile(
    r"acs:ram::([0-9]{16}):(root|user/[A-Za-z0-9@._-]+|(assumed-)?role/[A-Za-z0-9@._-]+(/[A-Za-z0-9@._-]+)?)"
)
_KINDS = {"Account", "RAMUser", "AssumedRoleUser"}
_RAM = "ram.aliyuncs.com"
_Refusal = Callable[[int, dict[str, Any]], SessionError]


class Calls:
    """The calls of one diagnosis.

    Args:
        request: the session that is asked for; its endpoint is the STS host, or a local cloud.
        timeout: seconds for a connection, and for an answer.
    """

    def __init__(self, request: SessionRequest, timeout: float) -> None:
        self._request = request
        self._milliseconds = max(1, round(timeout * 1000))
        self._local = request.endpoint if is_local(request.endpoint) else None

    def identify(self, key: Key) -> tuple[Answer, Caller | None]:
        """GetCallerIdentity, and who calls."""
        from alibabacloud_sts20150401.client import Client  # noqa: PLC0415  slow to load

        host = self._request.endpoint
        client = Client(self._connection(key, host))
        answer, body = self._ask("GetCallerIdentity", host, client.get_caller_identity, self._refused)
        if body is None:
            return answer, None
        arn, account, kind = (str(body.get(name)) for name in ("Arn", "AccountId", "IdentityType"))
        found = PRINCIPAL.fullmatch(arn)
        if found is None or found[1] != account or kind not in _KINDS:
            text = f"`{host}` answers, but not as STS does: it does not say who the caller is"
            return _unanswered(
                answer, SessionError(ErrorKind.UNREACHABLE, text, "look at the endpoint")
            ), None
        return answer, Caller(arn, account, kind)

    def assume(self, key: Key, caller: Caller) -> tuple[Answer, RoleSession | None]:
        """AssumeRole, and the session."""
        from alibabacloud_sts20150401.client import Client  # noqa: PLC0415  slow to load
        from alibabacloud_sts20150401.models import AssumeRoleRequest  # noqa: PLC0415

        request = self._request
        wanted = AssumeRoleRequest(
            role_arn=request.role_arn,
            role_session_name=request.session_name or caller.name,
            duration_seconds=request.duration,
            external_id=request.external_id,
            policy=request.policy,
            source_identity=request.source_identity,
        )
        client = Client(self._connection(key, request.endpoint))
        answer, body = self._ask(
            "AssumeRole", request.endpoint, lambda: client.assume_role(wanted), self._refused
        )
        if body is None:
            return self._decoded(answer, key), None
        session = _session(body, request, caller)
        if session is None:
            text = f"`{request.endpoint}` answers, but not as STS does: it gives no session"
            return _unanswered(
                answer, SessionError(ErrorKind.UNREACHABLE, text, "look at the endpoint")
            ), None
        value = {"arn": session.assumed_role_arn, "until": session.expiration}
        return _with(answer, value), session

    def list_regions(
        self, session: RoleSession, regions: Iterable[str], told: Callable[[str], None]
    ) -> dict[str, Answer]:
        """ListFunctions, one page, in all regions at the same time; `told` hears of each that answered."""
        import alibabacloud_fc20230330.client  # noqa: PLC0415, F401  before the threads do, which would wait

        wanted = list(regions)
        answers: SimpleQueue[tuple[str, Answer | BaseException]] = SimpleQueue()
        for region in wanted:
            # Daemons: a Ctrl-C must not wait for the slowest region.
            arguments = (session, region, answers)
            threading.Thread(target=self._list_into, args=arguments, daemon=True).start()
        found: dict[str, Answer] = {}
        for _ in wanted:
            region, answer = answers.get()
            if isinstance(answer, BaseException):
                raise answer
            found[region] = answer
            told(region)
        return {region: found[region] for region in wanted}

    def decode(self, answer: Answer, key: Key) -> Answer:
        """A denial with its message decoded, where the key may; else why it is not."""
        return self._decoded(answer, key)

    def _list_into(
        self, session: RoleSession, region: str, answers: SimpleQueue[tuple[str, Answer | BaseException]]
    ) -> None:
        try:
            answers.put((region, self._list(session, region)))
        except BaseException as error:  # noqa: BLE001  a thread that dies silently would be waited for
            answers.put((region, error))

    def _list(self, session: RoleSession, region: str) -> Answer:
        from alibabacloud_fc20230330.client import Client  # noqa: PLC0415  slow to load
        from alibabacloud_fc20230330.models import ListFunctionsRequest  # noqa: PLC0415

        host = functions_host(region)
        client = Client(self._connection(session_key(session), host, region))
        answer, body = self._ask(
            "ListFunctions",
            host,
            lambda: client.list_functions(ListFunctionsRequest(limit=100)),
            lambda status, said: function_refusal(session, status, said),
        )
        return answer if body is None else _with(answer, {"functions": len(body.get("functions") or ())})

    def _decoded(self, answer: Answer, key: Key) -> Answer:
        message = encoded_message(answer)
        if message is None:
            return answer
        from alibabacloud_ram20150501.client import Client  # noqa: PLC0415  slow to load
        from alibabacloud_ram20150501.models import DecodeDiagnosticMessageRequest  # noqa: PLC0415

        host = self._local or _RAM
        client = Client(self._connection(key, host))
        wanted = DecodeDiagnosticMessageRequest(encoded_diagnostic_message=message)
        told, body = self._ask(
            "DecodeDiagnosticMessage", host, lambda: client.decode_diagnostic_message(wanted), self._refused
        )
        decoded = None if body is None else body.get("DecodedDiagnosticMessage")
        why = "" if isinstance(decoded, dict) else f"here: {told.code or told.message or 'no answer'}"
        return replace(answer, decoded=decoded if isinstance(decoded, dict) else None, undecoded=plain(why))

    def _connection(self, key: Key, host: str, region: str = "cn-hangzhou") -> Any:  # noqa: ANN401  the SDK has no types
        config = connection(key, host, region, self._local)
        config.connect_timeout = config.read_timeout = self._milliseconds
        return config

    def _refused(self, status: int, answer: dict[str, Any]) -> SessionError:
        return refusal(self._request, status, answer)

    def _ask(
        self, action: str, host: str, call: Callable[[], Any], refused: _Refusal
    ) -> tuple[Answer, dict[str, Any] | None]:
        """A call's answer, and its body where it is a good one."""
        said: list[tuple[int, dict[str, Any]]] = []

        def note(status: int, answer: dict[str, Any]) -> SessionError:
            said.append((status, answer))
            return refused(status, answer)

        try:
            response = answered(host, call, note, tries=2)
        except SessionError as error:
            return _refusal(action, host, error, said[-1] if said else (0, {})), None
        body = response.body.to_map() if response.body is not None else {}
        headers = response.headers or {}
        request_id = body.get("RequestId") or headers.get("x-fc-request-id") or ""
        return Answer(action, host, response.status_code or 200, request_id=plain(request_id, 80)), body


def session_key(session: RoleSession) -> Key:
    """What signs inside a session."""
    return Key(session.access_key_id, session.access_key_secret, session.security_token)


def _session(body: Mapping[str, Any], request: SessionRequest, caller: Caller) -> RoleSession | None:
    try:
        found, who = body["Credentials"], body["AssumedRoleUser"]
        return RoleSession(
            access_key_id=str(found["AccessKeyId"]),
            access_key_secret=str(found["AccessKeySecret"]),
            security_token=str(found["SecurityToken"]),
            expires=calendar.timegm(time.strptime(found["Expiration"], "%Y-%m-%dT%H:%M:%SZ")),
            length=request.duration,
            role_arn=request.role_arn,
            assumed_role_arn=str(who["Arn"]),
            assumed_role_id=str(who["AssumedRoleId"]),
            caller=caller.arn,
            request_id=str(body.get("RequestId")),
        )
    except (KeyError, TypeError, ValueError):
        return None


def _refusal(action: str, host: str, error: SessionError, said: tuple[int, dict[str, Any]]) -> Answer:
    status, answer = said
    if error.kind is ErrorKind.UNREACHABLE and not error.code and "cannot be used" in error.text:
        status = 0
    detail = answer.get("AccessDeniedDetail")
    return Answer(
        action,
        host,
        status,
        plain(answer.get("Code") or "", 80),
        # A wrong signature comes with the whole string that was signed.
        plain(str(answer.get("Message") or "").partition("server string to sign is")[0]),
        plain(answer.get("RequestId") or "", 80),
        error,
        detail if isinstance(detail, dict) else {},
    )


def _unanswered(answer: Answer, error: SessionError) -> Answer:
    return replace(answer, status=0, failure=error)


def _with(answer: Answer, value: dict[str, Any]) -> Answer:
    return replace(answer, value=value)
