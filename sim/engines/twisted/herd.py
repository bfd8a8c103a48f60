"""One server of a herd on Twisted, from its command line."""

import argparse
import os
import re
import sys

from twisted.internet import error, reactor
from twisted.logger import (FilteringLogObserver, LogLevel, LogLevelFilterPredicate,
                            globalLogBeginner, textFileLogObserver)

import lines
from herd_server import TwistedHerdClient, TwistedHerdServer
from places import BlockingPlaces, DeferredPlaces, NoPlaces

# Enough for a thousand clients that connect at the same time.
BACKLOG = 1024


def name(text):
    if not lines.is_name(text.encode(errors="surrogateescape")):
        raise argparse.ArgumentTypeError(f"{text!r} is not 1 to 64 of A-Z a-z 0-9 . _ -")
    return text.encode()


def port(text, lowest=0):
    if not re.fullmatch(r"[0-9]{1,5}", text) or not lowest <= int(text) <= 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is no port")
    return int(text)


def names(text):
    return [name(each) for each in text.split(",")] if text else []


def addresses(text):
    found = []
    for each in text.split(",") if text else []:
        parts = re.fullmatch(r"([^=]*)=([^=]+):([^:]*)", each)
        if parts is None:
            raise argparse.ArgumentTypeError(f"{each!r} is not NAME=HOST:PORT")
        found.append((name(parts[1]), (parts[2], port(parts[3], 1))))
    return found


def names_of_herd(text):
    """Reads NAME,... or NAME=HOST:PORT,..., of which only the names matter."""
    return names(",".join(each.partition("=")[0] for each in text.split(",")))


def url(text):
    if not re.fullmatch(r"https?://[A-Za-z0-9.\[\]:-]+(/[!-~]*)?", text):
        raise argparse.ArgumentTypeError(f"{text!r} is no http or https URL")
    return text.rstrip("/")


def read_setup():
    parser = argparse.ArgumentParser(description="One server of a herd.", allow_abbrev=False)
    parser.add_argument("--herd", type=name, required=True)
    parser.add_argument("--server", type=name, required=True)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=port, required=True, help="0: any")
    parser.add_argument("--dial", type=addresses, default=[], metavar="NAME=HOST:PORT,...",
                        help="the neighbours that this server dials")
    parser.add_argument("--expect", type=names, default=[], metavar="NAME,...",
                        help="the neighbours that dial this server")
    parser.add_argument("--servers", type=names_of_herd, default=[], metavar="NAME,...",
                        help="all servers of the herd: an AT of a link names one of them")
    parser.add_argument("--propagation", choices=["flood-echo", "flood"], default="flood-echo")
    parser.add_argument("--places", type=url, metavar="URL")
    parser.add_argument("--places-mode", choices=["deferred", "blocking"], default="deferred",
                        help="blocking: asks in the reactor's thread, to measure what that costs")
    parser.add_argument("--log", choices=["error", "info", "debug"], default="info")
    setup = parser.parse_args()
    known = [setup.server, *setup.expect, *(each for each, _ in setup.dial)]
    for each in known:
        if known.count(each) > 1:
            parser.error(f"{each.decode()} is named twice among the server and its neighbours")
    if len(known) > 1 and not set(known) <= set(setup.servers):
        parser.error("--servers does not name all of the server and its neighbours")
    setup.dial = dict(setup.dial)
    setup.secret = os.environb.get(b"HERD_SECRET", b"")
    if len(known) > 1 and not setup.secret:
        parser.error("a server with neighbours needs the herd's secret in HERD_SECRET")
    return setup


def begin_logging(level):
    to_stderr = textFileLogObserver(sys.stderr)
    wanted = LogLevelFilterPredicate(defaultLogLevel=LogLevel.levelWithName(level))
    globalLogBeginner.beginLoggingTo([FilteringLogObserver(to_stderr, [wanted])],
                                     redirectStandardIO=False)


def places_of(setup):
    if setup.places is None:
        return NoPlaces()
    if setup.places_mode == "blocking":
        return BlockingPlaces(setup.places)
    return DeferredPlaces(reactor, setup.places)


def main():
    setup = read_setup()
    begin_logging(setup.log)
    server = TwistedHerdServer(reactor, setup, places_of(setup))
    try:
        listening = reactor.listenTCP(setup.port, server, BACKLOG, setup.host).getHost()
    except error.CannotListenError as why:
        print(f"cannot listen on {setup.host}:{setup.port}: {why.socketError}", file=sys.stderr)
        return 3

    def say_ready():
        print(f"listening {listening.host}:{listening.port}", flush=True)
        server.say_when_linked()

    # Runs inside the reactor, because signals stop the program cleanly only there.
    reactor.callWhenRunning(say_ready)
    for neighbor, (host, port_) in setup.dial.items():
        TwistedHerdClient(server, neighbor, host, port_)
    reactor.run()
    return 0


if __name__ == "__main__":
    sys.exit(main())
