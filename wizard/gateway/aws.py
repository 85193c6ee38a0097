"""Calls to AWS by the API's own names: reads retried and paged to the end, writes made once."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from wizard.effects import Json, Read, Secret, Write, has_unknown
from wizard.errors import CallError, CredentialsError
from wizard.gateway.backoff import Backoff, retry_after
from wizard.gateway.clients import Clients
from wizard.gateway.json_answers import to_json
from wizard.gateway.paging import pages
from wizard.gateway.protocol import Answer
from wizard.gateway.redact import (
    Redacting,
    hash_of,
    input_shape,
    output_shape,
    redact,
    sensitive_texts,
)
from wizard.gateway.secrets import reveal, scrubbed


class Aws:
    """Makes `Read`s and `Write`s. Thread-safe; blocks the thread that calls."""

    def __init__(
        self,
        clients: Clients,
        *,
        region: str,
        secret: Callable[[str], str],
        scrub: Callable[[str], str],
        redacted: Redacting = redact,
        backoff: Backoff | None = None,
    ) -> None:
        """`secret` gives a secret's value by its name, or raises a CallError; `scrub` takes the
        values that were given out of a text; `redacted` says what of an answer is written down."""
        self._clients = clients
        self._region = region
        self._secret = secret
        self._scrub = scrub
        self._redacted = redacted
        self._backoff = backoff if backoff is not None else Backoff()

    def read(self, effect: Read) -> Answer:
        """The response, or all pages' entries. Resets, timeouts and 5xx are tried again a few
        times; throttling is not: who paces the calls is told at once."""
        return self._call(effect, lambda: self._read_once(effect))

    def write(self, effect: Write) -> Answer:
        """The response. The call leaves once, whatever happens to its answer."""
        return self._call(effect, lambda: self._write_once(effect))

    def _call(self, effect: Read | Write, make: Callable[[], Answer]) -> Answer:
        from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415
        from botocore.parsers import ResponseParserError  # noqa: PLC0415

        from wizard.gateway.aws_errors import Site, is_transient, translate  # noqa: PLC0415

        mutating = isinstance(effect, Write)
        attempt = 1
        while True:
            self._clients.departures.begin(mutating=mutating)
            try:
                return make()
            except (BotoCoreError, ClientError, ResponseParserError) as error:
                problem: Exception = error
            if isinstance(effect, Read) and _code(problem) in effect.absent:
                return _absent(effect, problem)
            if mutating or attempt >= self._backoff.attempts or not is_transient(problem):
                break
            self._backoff.wait(attempt, retry_after(_metadata(problem).get("HTTPHeaders")))
            attempt += 1
        where = effect.region or self._region
        sent = self._clients.departures.here.sent
        problem = self._told_by_sts(effect, problem)
        sensitive = self._sensitive(effect)
        site = Site(effect.service, effect.operation, where, mutating, sent)
        known = translate(self._without(problem, sensitive), site, self._scrub)
        # botocore's texts repeat parameters: what holds a secret is not chained.
        raise known from (None if sensitive or _has_secret(effect.params) else problem)

    def _sensitive(self, effect: Read | Write) -> list[str]:
        """What of the parameters is nobody's to read, the longest first: Lambda, for one, quotes a
        whole environment where it is too large."""
        if not isinstance(effect, Write):
            return []
        texts = sensitive_texts(effect.params, input_shape(effect.service, effect.operation))
        return sorted(texts, key=len, reverse=True)

    def _without(self, error: Exception, sensitive: Sequence[str]) -> Exception:
        """The error, and in what AWS says neither secrets nor these texts: before it is cut to a
        line, which would leave half of one."""
        said = (getattr(error, "response", None) or {}).get("Error", {})
        if said.get("Message"):
            text = self._scrub(str(said["Message"]))
            for one in sensitive:
                text = text.replace(one, "***")
            said["Message"] = text
        return error

    def _told_by_sts(self, effect: Read | Write, problem: Exception) -> Exception:
        """The answer to a HEAD has no body, so 400 and 403 do not tell expired credentials from a
        denial; STS, which everybody may ask, does.

        https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadBucket.html
        """
        if not effect.operation.startswith("Head") or _code(problem) not in {"400", "403"}:
            return problem
        from wizard.gateway.aws_errors import Site, translate  # noqa: PLC0415  needs botocore

        region = effect.region or self._region
        try:
            self._read_once(Read("sts", "GetCallerIdentity", region=region))
        except Exception as other:  # noqa: BLE001  only a log-in problem says more than the HEAD
            site = Site("sts", "GetCallerIdentity", region, mutating=False, sent=True)
            if isinstance(translate(other, site, self._scrub), CredentialsError):
                return other
        return problem

    def _read_once(self, effect: Read) -> Answer:
        client = self._client(effect)
        params = self._params(effect)
        if effect.pages is None:
            response = self._invoke(client, effect, params)
            metadata = response.pop("ResponseMetadata", {})
            return _answer(to_json(response), metadata)
        import jmespath  # noqa: PLC0415

        expression = jmespath.compile(effect.pages)
        entries: list[Json] = []
        count = 0
        metadata = {}
        for page in pages(client, effect.service, effect.operation, params, self._backoff):
            count += 1
            metadata = page.get("ResponseMetadata", {})
            entries += to_json(expression.search(page) or [])
        return _answer(entries, metadata, pages=count, entries=len(entries))

    def _write_once(self, effect: Write) -> Answer:
        client = self._client(effect)
        response = self._invoke(client, effect, self._params(effect))
        metadata = response.pop("ResponseMetadata", {})
        value = to_json(response)
        if _has_secret(effect.params):
            # Some services answer with what they were sent.
            value = scrubbed(value, self._scrub)
        safe = self._redacted(value, output_shape(effect.service, effect.operation))
        return _answer(value, metadata, redacted=safe, response_sha256=hash_of(safe))

    def _client(self, effect: Read | Write) -> Any:
        client = self._clients.client(effect.service, effect.region or self._region)
        if effect.operation not in client.meta.service_model.operation_names:
            raise CallError(
                f"{effect.service} has no operation {effect.operation}.",
                code="UnknownOperation",
                where=f"{effect.service}:{effect.operation}",
                todo="Operations have the API's own names, such as DescribeVpcs.",
            )
        return client

    def _invoke(self, client: Any, effect: Read | Write, params: dict[str, Json]) -> Any:
        from botocore import xform_name  # noqa: PLC0415

        return getattr(client, xform_name(effect.operation))(**params)

    def _params(self, effect: Read | Write) -> dict[str, Json]:
        if has_unknown(effect.params):
            raise CallError(
                "A value is not known yet, so the call was not made.",
                code="UnknownValue",
                where=f"{effect.service}:{effect.operation}",
                todo="It becomes known once the item it comes from is done.",
            )
        return {name: reveal(value, self._secret) for name, value in effect.params.items()}


def _answer(value: Json, metadata: Mapping[str, Any], **more: Any) -> Answer:
    return Answer(
        value=value,
        request_id=str(metadata.get("RequestId") or ""),
        date=str(metadata.get("HTTPHeaders", {}).get("date", "")),
        **more,
    )


def _absent(effect: Read, error: Exception) -> Answer:
    return _answer([] if effect.pages is not None else None, _metadata(error))


def _has_secret(value: Json) -> bool:
    match value:
        case Secret():
            return True
        case Mapping():
            return any(_has_secret(part) for part in value.values())
        case list() | tuple():
            return any(_has_secret(part) for part in value)
        case _:
            return False


def _code(error: Exception) -> str:
    response = getattr(error, "response", None) or {}
    return str(response.get("Error", {}).get("Code", ""))


def _metadata(error: Exception) -> Mapping[str, Any]:
    response = getattr(error, "response", None) or {}
    metadata: Mapping[str, Any] = response.get("ResponseMetadata", {})
    return metadata
