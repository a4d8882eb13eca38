"""One request, one answer: connected to an address that was looked at, and over in time and size.

An event loop in a thread of its own, because only there does a deadline hold whatever the other
end does: httpx counts its timeouts anew with every byte that drips in.
"""

from __future__ import annotations

import asyncio
import ssl
import threading
import zlib
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import CancelledError, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import BinaryIO

import httpx

from scrapers.client.addresses import Resolve, Way
from scrapers.client.evidence import LONGEST_FAILED, Question
from scrapers.contract import Refused, SourceError, Trouble, Unreachable, Unreadable

MOST_ADDRESSES = 4
LOOKUPS = 8
GZIP = 31
PIECE = 64 * 1024
IDLE = 30
"""Seconds that a connection is kept for the next request."""


@dataclass(frozen=True, slots=True)
class Caps:
    """Bytes on the wire, bytes once decoded, and seconds for all of it."""

    wire: int
    decoded: int
    seconds: float


@dataclass(slots=True)
class Answer:
    """What came, as far as it came.

    status   None if there was no answer
    headers  names in lower case, cookies left out
    body     decoded; its first 64 kB only where it went to a file
    failure  what went wrong on the way
    reached  whether there was a connection
    """

    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    failure: SourceError | None = None
    reached: bool = False
    seconds: float = 0.0


class Line:
    """resolve  looks a name up
    public   whether an address may be connected to
    tls      how certificates are verified; they always are
    """

    def __init__(
        self, resolve: Resolve, public: Callable[[str], bool], tls: ssl.SSLContext
    ) -> None:
        self._resolve, self._public, self._tls = resolve, public, tls
        self._lookups = ThreadPoolExecutor(LOOKUPS, "names")
        self._transports: dict[str, httpx.AsyncHTTPTransport] = {}
        self._closing, self._closed = threading.Lock(), False
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="http", daemon=True)
        self._thread.start()

    def send(self, question: Question, way: Way, caps: Caps, to: BinaryIO | None) -> Answer:
        """The body goes to the file `to`, if one is given. Nothing is raised."""
        closing = Unreachable(f"{way.name}: given up, we are closing", Trouble.TIMEOUT)
        with self._closing:
            if self._closed:
                return Answer(failure=closing)
            sending = self._send(question, way, caps, to)
            future = asyncio.run_coroutine_threadsafe(sending, self._loop)
        try:
            return future.result()
        except CancelledError:
            return Answer(failure=closing)
        except BaseException:
            future.cancel()
            raise

    def close(self) -> None:
        with self._closing:
            if self._closed:
                return
            self._closed = True
        asyncio.run_coroutine_threadsafe(self._close(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()
        self._lookups.shutdown(wait=False, cancel_futures=True)

    async def _close(self) -> None:
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        for transport in self._transports.values():
            await transport.aclose()

    async def _send(self, question: Question, way: Way, caps: Caps, to: BinaryIO | None) -> Answer:
        answer, began = Answer(), self._loop.time()
        body = Body(caps, to)
        try:
            async with asyncio.timeout(caps.seconds):
                addresses = await self._addresses(way)
                answer.reached = True
                response = await self._connected(question, way, addresses, caps.seconds)
                try:
                    answer.status, answer.headers = response.status_code, _headers(response)
                    body.expects(answer.headers)
                    async for chunk in response.aiter_raw():
                        body.add(chunk)
                    body.finish()
                finally:
                    await response.aclose()
        except TimeoutError:
            answer.failure = Unreachable(
                f"{way.name}: no whole answer in good time", Trouble.TIMEOUT
            )
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            answer.failure = _failure(error, way.name)
            answer.reached = not isinstance(error, httpx.ConnectError | httpx.ConnectTimeout)
        except SourceError as error:
            answer.failure = type(error)(f"{way.name}: {error}", error.trouble)
        answer.body = body.kept
        answer.seconds = self._loop.time() - began
        return answer

    async def _addresses(self, way: Way) -> list[tuple[str, int]]:
        """Where the name leads. If any of it is not public, none is used: Refused."""
        try:
            found = await self._loop.run_in_executor(
                self._lookups, self._resolve, way.host, way.port
            )
        except (OSError, UnicodeError) as error:
            raise Unreachable(f"no such host ({error})", Trouble.DNS) from error
        hidden = [address for address, _ in found if way.checked and not self._public(address)]
        if hidden:
            message = f"its name leads to {hidden[0]}, which is not on the public internet"
            raise Refused(message, Trouble.PRIVATE_ADDRESS)
        if not found:
            raise Unreachable("no such host", Trouble.DNS)
        return found[:MOST_ADDRESSES]

    async def _connected(
        self, question: Question, way: Way, addresses: list[tuple[str, int]], seconds: float
    ) -> httpx.Response:
        """The beginning of an answer, from the first address that can be reached."""
        transport = self._transports.get(way.name)
        if transport is None:
            limits = httpx.Limits(max_keepalive_connections=1, keepalive_expiry=IDLE)
            transport = httpx.AsyncHTTPTransport(
                verify=self._tls, trust_env=False, http1=True, http2=False, limits=limits
            )
            self._transports[way.name] = transport
        timeout = {"connect": seconds / MOST_ADDRESSES}
        for address, port in addresses:
            host = f"[{address}]" if ":" in address else address
            request = httpx.Request(
                question.method,
                httpx.URL(scheme=way.scheme, host=host, port=port, raw_path=way.target.encode()),
                headers={"host": way.host_header, **question.headers},
                content=question.body or None,
                extensions={"sni_hostname": way.host, "timeout": timeout},
            )
            try:
                return await transport.handle_async_request(request)
            except (httpx.ConnectError, httpx.ConnectTimeout) as error:
                tls = any(isinstance(cause, ssl.SSLError) for cause in _causes(error))
                if tls or (address, port) == addresses[-1]:
                    raise
        raise AssertionError("there is an address")


class Body:
    """What comes is decoded and counted as it comes; more than allowed is never held. Its
    readers raise SourceError."""

    def __init__(self, caps: Caps, to: BinaryIO | None) -> None:
        self._caps, self._to = caps, to
        self._parts: list[bytes] = []
        self._wire = self._decoded = self._held = 0
        self._unzip: zlib._Decompress | None = None
        self._zipped = False

    @property
    def kept(self) -> bytes:
        return b"".join(self._parts)

    def expects(self, headers: Mapping[str, str]) -> None:
        length = headers.get("content-length", "")
        if length.isdecimal() and int(length) > self._caps.wire:
            raise self._too_large(self._caps.wire)
        encoding = headers.get("content-encoding", "identity").strip().lower()
        if encoding in ("gzip", "x-gzip"):
            self._zipped = True
        elif encoding not in ("identity", ""):
            raise Unreachable(f"encoded as {encoding[:40]!r}, not asked for", Trouble.BROKEN_REPLY)

    def add(self, chunk: bytes) -> None:
        self._wire += len(chunk)
        if self._wire > self._caps.wire:
            raise self._too_large(self._caps.wire)
        for part in self._unzipped(chunk) if self._zipped else (chunk,):
            self._decoded += len(part)
            if self._decoded > self._caps.decoded:
                raise self._too_large(self._caps.decoded)
            self._take(part)

    def finish(self) -> None:
        if self._unzip is not None and not self._unzip.eof:
            raise Unreachable("gzip that ends in the middle", Trouble.BROKEN_REPLY)

    def _take(self, part: bytes) -> None:
        if self._to is None:
            self._parts.append(part)
            return
        self._to.write(part)
        if self._held < LONGEST_FAILED:
            self._parts.append(part[: LONGEST_FAILED - self._held])
            self._held += len(self._parts[-1])

    def _unzipped(self, chunk: bytes) -> Iterator[bytes]:
        """In pieces, for a few bytes may become very many."""
        full = False
        while chunk or full:
            if self._unzip is None or self._unzip.eof:
                self._unzip = zlib.decompressobj(wbits=GZIP)
            try:
                part = self._unzip.decompress(chunk, PIECE)
            except zlib.error as error:
                message = f"not the gzip it says it is ({error})"
                raise Unreachable(message, Trouble.BROKEN_REPLY) from None
            yield part
            full = len(part) == PIECE and not self._unzip.eof
            chunk = self._unzip.unused_data or self._unzip.unconsumed_tail

    def _too_large(self, most: int) -> Unreadable:
        return Unreadable(f"more than {most:,} bytes", Trouble.TOO_LARGE)


def _headers(response: httpx.Response) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value in response.headers.multi_items():
        if name != "set-cookie":
            found[name] = f"{found[name]}, {value}" if name in found else value
    return found


def _failure(error: Exception, host: str) -> SourceError:
    causes = list(_causes(error))
    if isinstance(error, httpx.TimeoutException):
        return Unreachable(f"{host}: no connection in good time", Trouble.TIMEOUT)
    tls = [cause for cause in causes if isinstance(cause, ssl.SSLError)]
    if tls and isinstance(error, httpx.ConnectError):
        reason = getattr(tls[0], "verify_message", "") or tls[0].reason or "TLS failed"
        return Unreachable(f"{host}: not the host it should be ({reason})", Trouble.TLS)
    system = [cause.strerror for cause in causes if isinstance(cause, OSError) and cause.strerror]
    reason = system[-1] if system else str(error) or type(error).__name__
    if isinstance(error, httpx.ConnectError):
        return Unreachable(f"{host}: cannot be connected to ({reason})", Trouble.CONNECTION)
    if isinstance(error, httpx.NetworkError) or str(error).startswith("Server disconnected"):
        return Unreachable(f"{host}: the connection broke off ({reason})", Trouble.CONNECTION)
    return Unreachable(f"{host}: not a whole answer ({reason})", Trouble.BROKEN_REPLY)


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
