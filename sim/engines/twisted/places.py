"""Asks Places (Nearby Search) for the places near a client, to answer a WHATSAT."""

import json
import re
import urllib.error
import urllib.request

from twisted.internet import defer, error, protocol
from twisted.web.client import Agent, HTTPConnectionPool, PotentialDataLoss, ResponseDone
from twisted.web.http_headers import Headers

PATH = b"/maps/api/place/nearbysearch/json"
CONNECT_TIMEOUT_S = 2
TIMEOUT_S = 5
MAX_BODY = 4 << 20
MAX_AT_ONCE = 32
STATUS = re.compile(r"[A-Z0-9_]{1,64}")
GOOD = ("OK", "ZERO_RESULTS")


class PlacesError(Exception):
    """A failed query; the message is for the client."""


def nearby_query(location, radius_km):
    """Returns the query string for an ISO 6709 location, without plus signs."""
    degrees = re.findall(rb"([+-])0*(\d+(?:\.\d{1,9})?)", location)
    plain = b",".join((b"-" if sign == b"-" else b"") + digits for sign, digits in degrees)
    metres = f"{max(float(radius_km) * 1000, 0.001):.3f}".rstrip("0").rstrip(".")
    return b"location=%b&radius=%b" % (plain, metres.encode())


def failure_json(message, status="UNKNOWN_ERROR"):
    return json.dumps({"html_attributions": [], "results": [], "status": status,
                       "error_message": message}).encode()


def _no_constant(name):
    raise ValueError(f"{name} is no JSON")


def _fold(body):
    return re.sub(rb"[\r\n]+", b"\n", body).strip(b"\n")


def _parse(body):
    """Returns a body's object, or raises a PlacesError."""
    try:
        found = json.loads(body.decode(), parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise PlacesError("Places answered with what is not JSON") from None
    return found if isinstance(found, dict) else {}


def _is_status(value):
    return isinstance(value, str) and STATUS.fullmatch(value) is not None


def _failure_in(found):
    """Returns the JSON for a failure that the provider tells of, without results; None if it tells
    of none. Google's newer services tell of it in an object `error`."""
    status = found.get("status")
    if _is_status(status):
        if status in GOOD:
            return None
        message = found.get("error_message") or f"Places answered {status}"
        return json.dumps({**found, "results": [], "error_message": message}).encode()
    error_object = found.get("error")
    if isinstance(error_object, dict):
        status, message = error_object.get("status"), error_object.get("message")
        if _is_status(status) and status not in GOOD:
            told = message if isinstance(message, str) and message else f"Places answered {status}"
            return failure_json(told, status)
    raise PlacesError("Places answered with JSON that is no Nearby Search answer: no status")


def answer_json(body, bound):
    """Returns a provider's answer with at most `bound` results and without empty lines."""
    body = _fold(body)
    found = _parse(body)
    failure = _failure_in(found)
    if failure is not None:
        return failure
    results = found.get("results")
    if not isinstance(results, list):
        raise PlacesError("Places answered with JSON that is no Nearby Search answer: no results")
    if len(results) <= bound:
        return body
    found["results"] = results[:bound]
    return json.dumps(found).encode()


def http_error_json(code, body):
    """Returns the JSON for an HTTP error, with the reason that its body tells."""
    failure = None
    if code >= 400:  # redirects are not followed
        try:
            failure = _failure_in(_parse(body))
        except PlacesError:
            pass
    return failure or failure_json(f"Places answered HTTP {code}")


class Body(protocol.Protocol):
    """Collects a response's body, up to a limit."""

    def __init__(self):
        self.whole = defer.Deferred(lambda _: self.transport.stopProducing())
        self.chunks = []
        self.size = 0

    def dataReceived(self, data):
        self.size += len(data)
        if self.size > MAX_BODY:
            self.transport.stopProducing()
        else:
            self.chunks.append(data)

    def connectionLost(self, reason):
        if self.whole.called:
            return
        if self.size > MAX_BODY:
            self.whole.errback(PlacesError(f"Places answered with more than {MAX_BODY} bytes"))
        elif reason.check(ResponseDone, PotentialDataLoss):
            self.whole.callback(b"".join(self.chunks))
        else:
            self.whole.errback(PlacesError("Places' answer was cut off"))


class DeferredPlaces:
    """Asks through the reactor, over connections that stay open."""

    def __init__(self, reactor, base):
        pool = HTTPConnectionPool(reactor)
        pool.maxPersistentPerHost = MAX_AT_ONCE
        self._reactor = reactor
        self._base = base.encode() + PATH + b"?"
        self._agent = Agent(reactor, connectTimeout=CONNECT_TIMEOUT_S, pool=pool)
        self._slots = defer.DeferredSemaphore(MAX_AT_ONCE)

    def ask(self, location, radius_km, bound):
        """Returns a Deferred of the JSON for the answer. It never fails."""
        asked = self._slots.run(self._get, self._base + nearby_query(location, radius_km))
        asked.addTimeout(TIMEOUT_S, self._reactor)
        asked.addCallback(self._answer, bound)
        asked.addErrback(self._failed)
        return asked

    @defer.inlineCallbacks
    def _get(self, url):
        response = yield self._agent.request(b"GET", url, Headers({b"User-Agent": [b"herd"]}))
        body = Body()
        response.deliverBody(body)
        text = yield body.whole
        return response.code, text

    @staticmethod
    def _answer(reply, bound):
        code, body = reply
        return answer_json(body, bound) if code == 200 else http_error_json(code, body)

    @staticmethod
    def _failed(failure):
        if failure.check(PlacesError):
            return failure_json(str(failure.value))
        if failure.check(defer.TimeoutError, defer.CancelledError, error.TimeoutError):
            return failure_json("no answer from Places in time")
        return failure_json(f"Places could not be asked: {failure.getErrorMessage()}")


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


class BlockingPlaces:
    """Asks in the reactor's thread and blocks everything else meanwhile, as a control."""

    def __init__(self, base):
        self._base = base + PATH.decode() + "?"
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), _NoRedirect)

    def ask(self, location, radius_km, bound):
        url = self._base + nearby_query(location, radius_km).decode()
        try:
            with self._opener.open(url, timeout=TIMEOUT_S) as response:
                text = response.read(MAX_BODY + 1)
                if len(text) > MAX_BODY:
                    raise PlacesError(f"Places answered with more than {MAX_BODY} bytes")
                if response.length:  # read() with a limit does not raise
                    raise PlacesError("Places' answer was cut off")
            return defer.succeed(answer_json(text, bound))
        except urllib.error.HTTPError as why:
            return defer.succeed(http_error_json(why.code, self._reason(why)))
        except Exception as why:  # urllib raises a dozen different classes
            return defer.succeed(failure_json(f"Places could not be asked: {why}"))

    @staticmethod
    def _reason(http_error):
        try:
            return http_error.read(MAX_BODY)
        except Exception:
            return b""


class NoPlaces:
    """A server without a Places provider."""

    @staticmethod
    def ask(*_):
        return defer.succeed(failure_json("this server was told of no Places"))
