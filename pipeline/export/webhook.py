"""What changed, posted to another system on the office network. Off until a URL and a secret are configured.

Each event is posted by itself, in order. The signature covers time and body, so that neither can be changed nor an old
message be sent again::

    X-Duban-Timestamp: 1700000000
    X-Duban-Signature: sha256=HEX of HMAC-SHA256(secret, TIMESTAMP + "." + BODY)
    X-Duban-Event: 000000000042-n-0123456789ab      the same when it is sent again

A receiver that is away, or says that it is too busy, stops the run: the cursor stays and nothing is lost. An event that
it refuses goes into the dead-letter file by its id, without the notice's words, and can be sent again.
"""

from __future__ import annotations

import email.utils
import hashlib
import hmac
import http.client
import json
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from pipeline.export.outbox import Event, events
from pipeline.export.select import Filter, read_cursor, unwritable, write, write_cursor
from schemas.errors import DubanError

if TYPE_CHECKING:
    from pipeline.store import Store

#: Answers that say nothing about the event: the receiver, or the way to it, is at fault.
_AWAY = frozenset({408, 425, 429, 502, 503, 504})
_SETUP = frozenset({401, 403, 404, 405, 407, 410})
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
CURSOR, DEAD = "webhook.cursor", "webhook.dead.jsonl"


class WebhookError(DubanError):
    """A webhook that can't be used as it is set, with the remedy."""


@dataclass(frozen=True)
class Webhook:
    """Where and how events are posted.

    Attributes:
        url: http or https, without user and password.
        secret: what both sides know, for the signature.
        attempts: how often an event is tried in one run.
        first, longest: seconds before the second try, and the most between two; each wait doubles the one before.
        patience: the longest ``Retry-After`` that a run waits for; a longer one ends the run.
        timeout: seconds that one try may take.
        unmask: numbers of persons are sent as they are.

    Raises:
        WebhookError: no http or https URL, or no secret.
    """

    url: str
    secret: str = field(repr=False)
    attempts: int = 5
    first: float = 1.0
    longest: float = 60.0
    patience: float = 120.0
    timeout: float = 10.0
    unmask: bool = False

    def __post_init__(self) -> None:
        try:
            parts = urllib.parse.urlsplit(self.url)
            usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
        except ValueError:
            usable = False
        if not usable or any(char.isspace() or not char.isprintable() for char in self.url):
            raise WebhookError(
                "webhook.url", f"webhook 地址不是 http 或 https 网址：“{self.url}”",
                remedy="请改正 duban.toml 中 [export.webhook] 的 url",
            )  # fmt: skip
        if parts.username or parts.password:
            raise WebhookError("webhook.url", "webhook 地址里不能写用户名和密码", remedy="请用 secret 签名代替")
        if not self.secret:
            raise WebhookError(
                "webhook.secret", "webhook 没有设签名密钥", remedy="请在 duban.toml 的 [export.webhook] 设 secret",
            )  # fmt: skip


@dataclass
class Delivery:
    """What became of a run: events sent, put into the dead-letter file, and why it stopped before the end."""

    sent: int = 0
    dead: int = 0
    stopped: str = ""


@dataclass(frozen=True)
class _Answer:
    """``status`` is 0 where there was no answer."""

    status: int
    reason: str
    wait: float | None = None


def deliver(
    store: Store,
    webhook: Webhook,
    folder: Path,
    filters: Filter | None = None,
    *,
    clock: Callable[[], float] = time.time,
    sleep: Callable[[float], None] = time.sleep,
) -> Delivery:
    """Posts what changed since the last time; the cursor and the dead-letter file stand in ``folder``.

    The cursor moves after every event, so a crash repeats one at most.

    Raises:
        ExportError: the cursor or the dead-letter file can't be read or written.
    """
    since, path = read_cursor(folder / CURSOR)
    assert path is not None
    cursor, found = events(store, since or 0, filters or Filter(), unmask=webhook.unmask)
    run = Delivery()
    for event in found:
        if not _settled(event, webhook, folder, run, clock, sleep):
            return run
        write_cursor(path, event.seq)
    if cursor != since:
        write_cursor(path, cursor)
    return run


def redeliver(
    store: Store,
    webhook: Webhook,
    folder: Path,
    filters: Filter | None = None,
    *,
    clock: Callable[[], float] = time.time,
    sleep: Callable[[float], None] = time.sleep,
) -> Delivery:
    """Posts the notices of the dead-letter file again, each as it is now; what is refused again stays in it.

    Raises:
        ExportError: the dead-letter file can't be read or written.
    """
    path = folder / DEAD
    letters = read_dead(folder)
    wanted = {letter["notice_id"] for letter in letters}
    _, found = events(store, 0, filters or Filter(), unmask=webhook.unmask)
    pending = [event for event in found if event.notice_id in wanted]
    known = {event.notice_id for event in pending}
    run = Delivery()
    left = {letter["notice_id"]: letter for letter in letters if letter["notice_id"] in known}
    for event in pending:
        answer = _attempt(event, webhook, clock, sleep)
        if 200 <= answer.status < 300:
            run.sent += 1
            del left[event.notice_id]
        elif answer.status in _AWAY | _SETUP or not answer.status:
            run.stopped = answer.reason
            break
        else:
            run.dead += 1
    write(path, "".join(json.dumps(letter, ensure_ascii=False) + "\n" for letter in left.values()))
    return run


def read_dead(folder: Path) -> list[dict[str, Any]]:
    """The dead letters, oldest first; half a line that a crash left is passed over, since its event comes again."""
    try:
        lines = (folder / DEAD).read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return []
    except OSError as error:
        raise unwritable(folder / DEAD, error) from error
    letters = []
    for line in lines:
        try:
            letters.append(json.loads(line))
        except ValueError:
            continue
    return letters


def sign(secret: str, timestamp: str, body: bytes) -> str:
    """The signature's header over a timestamp and a body."""
    message = timestamp.encode("ascii") + b"." + body
    return "sha256=" + hmac.new(secret.encode("utf-8"), message, hashlib.sha256).hexdigest()


def delay(attempt: int, seed: str, first: float, longest: float) -> float:
    """Seconds to wait after so many tries: doubled each time, then cut by up to a half, the same for the same seed.

    The cut keeps several senders from coming back all at once.
    """
    share = int.from_bytes(hashlib.sha256(f"{seed}\x1f{attempt}".encode()).digest()[:8], "big") / 2**64
    return float(min(longest, first * 2.0 ** min(attempt - 1, 60)) * (1 - share / 2))


def _settled(
    event: Event, webhook: Webhook, folder: Path, run: Delivery,
    clock: Callable[[], float], sleep: Callable[[float], None],
) -> bool:  # fmt: skip
    """Sends an event or buries it; False where the receiver is away and the run has to stop."""
    answer = _attempt(event, webhook, clock, sleep)
    if 200 <= answer.status < 300:
        run.sent += 1
        return True
    if answer.status in _AWAY | _SETUP or not answer.status:
        run.stopped = answer.reason
        return False
    letter = {
        "event": event.id, "notice_id": event.notice_id, "change": event.kind, "status": answer.status,
        "reason": answer.reason, "at": datetime.fromtimestamp(clock(), UTC).isoformat(timespec="seconds"),
    }  # fmt: skip
    letters = [each for each in read_dead(folder) if each.get("notice_id") != event.notice_id]
    write(folder / DEAD, "".join(json.dumps(each, ensure_ascii=False) + "\n" for each in [*letters, letter]))
    run.dead += 1
    return True


def _attempt(event: Event, webhook: Webhook, clock: Callable[[], float], sleep: Callable[[float], None]) -> _Answer:
    answer = _Answer(0, "没有试过")
    for attempt in range(1, webhook.attempts + 1):
        answer = _post(event, webhook, clock)
        final = 200 <= answer.status < 500 and answer.status not in _AWAY
        if final or attempt == webhook.attempts:
            break
        wait = max(answer.wait or 0.0, delay(attempt, event.id, webhook.first, webhook.longest))
        if wait > webhook.patience:
            break
        sleep(wait)
    return answer


def _post(event: Event, webhook: Webhook, clock: Callable[[], float]) -> _Answer:
    body = event.body.encode("utf-8")
    timestamp = str(int(clock()))
    request = urllib.request.Request(webhook.url, data=body, method="POST", headers={
        "Content-Type": "application/json; charset=utf-8", "User-Agent": "duban", "X-Duban-Event": event.id,
        "X-Duban-Timestamp": timestamp, "X-Duban-Signature": sign(webhook.secret, timestamp, body),
    })  # fmt: skip
    # No proxy of the environment: the words stay on the network that the URL names.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), _SameHost())
    try:
        with opener.open(request, timeout=webhook.timeout) as response:
            response.read(4096)
            return _Answer(response.status, "")
    except urllib.error.HTTPError as error:
        with error:
            wait = retry_after(error.headers.get("Retry-After"), clock())
            if error.code in _REDIRECTS:
                return _Answer(404, f"对方要转到另一个地址（HTTP {error.code}），未跟随；请改正 url")
            return _Answer(error.code, f"对方答复 HTTP {error.code}", wait)
    except (OSError, http.client.HTTPException, ValueError) as error:
        reason = getattr(error, "reason", None) or error
        return _Answer(0, f"连不上对方（{reason}）")


def retry_after(value: str | None, now: float) -> float | None:
    """Seconds that a ``Retry-After`` header asks for: a number of seconds or a date. Source: RFC 9110, 10.2.3."""
    if value is None:
        return None
    if value.strip().isascii() and value.strip().isdigit():
        return float(value.strip())
    try:
        then = email.utils.parsedate_to_datetime(value)
    except (ValueError, TypeError):
        return None
    if then.tzinfo is None:
        then = then.replace(tzinfo=UTC)
    return max(0.0, then.timestamp() - now)


class _SameHost(urllib.request.HTTPRedirectHandler):
    """Follows 307 and 308 to the same scheme, host and port with the same body; no other redirect."""

    max_redirections = 3

    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: http.client.HTTPMessage,
        newurl: str,
    ) -> urllib.request.Request | None:  # fmt: skip
        old, new = urllib.parse.urlsplit(req.full_url), urllib.parse.urlsplit(newurl)
        if code not in (307, 308) or (old.scheme, old.netloc) != (new.scheme, new.netloc):
            return None
        return urllib.request.Request(newurl, data=req.data, headers=dict(req.header_items()), method="POST")
