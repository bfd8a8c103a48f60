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


def answer_json(body, bound):
    """Returns a provider's answer with at most `bound` results and without empty lines."""
    body = re.sub(rb"[\r\n]+", b"\n", body).strip(b"\n")
    try:
        found = json.loads(body.decode(), parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise PlacesError("Places answered with what is not JSON") from None
    status = found.get("status") if isinstance(found, dict) else None
    if not isinstance(status, str) or not status:
        raise PlacesError("Places answered with JSON that is no Nearby Search answer: no status")
    results = found.get("results")
    if status not in ("OK", "ZERO_RESULTS"):
        found["results"] = []
        found["error_message"] = found.get("error_message") or f"Places answered {status}"
        return json.dumps(found).encode()
    if not isinstance(results, list):
        raise PlacesError("Places answered with JSON that is no Nearby Search answer: no results")
    if len(results) <= bound:
        return body
    found["results"] = results[:bound]
    return json.dumps(found).encode()


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
        asked.addCallback(answer_json, bound)
        asked.addErrback(self._failed)
        return asked

    @defer.inlineCallbacks
    def _get(self, url):
        response = yield self._agent.request(b"GET", url, Headers({b"User-Agent": [b"herd"]}))
        body = Body()
        response.deliverBody(body)
        text = yield body.whole
        if response.code != 200:
            raise PlacesError(f"Places answered HTTP {response.code}")
        return text

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
            return defer.succeed(failure_json(f"Places answered HTTP {why.code}"))
        except Exception as why:  # urllib raises a dozen different classes
            return defer.succeed(failure_json(f"Places could not be asked: {why}"))


class NoPlaces:
    """A server without a Places provider."""

    @staticmethod
    def ask(*_):
        return defer.succeed(failure_json("this server was told of no Places"))
