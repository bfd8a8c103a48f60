#!/usr/bin/python3
"""A native server behind the command line that the other engines have.

Writes the scenario of that one server and becomes `herdsim serve`: what is measured is herdsim and
nothing of this. The files are in memory and go with the process.
"""

import argparse
import json
import os
import sys


def in_memory(name: str, text: str) -> str:
    """The path of a file that only this process, and what it becomes, can read."""
    file = os.memfd_create(name, 0)
    os.write(file, text.encode())
    return f"/proc/self/fd/{file}"


def scenario(setup: argparse.Namespace) -> dict:
    # Of two servers the one that is listed first dials.
    servers = [{"name": name} for name in setup.expect]
    servers.append({"name": setup.server, "host": setup.host, "port": setup.port})
    servers += [{"name": name, "host": host, "port": port} for name, host, port in setup.dial]
    links = [[setup.server, name] for name, _, _ in setup.dial]
    links += [[name, setup.server] for name in setup.expect]
    herd = {"name": setup.herd, "servers": servers, "links": links,
            "propagation": setup.propagation, "keepalive": "off"}
    if setup.places:
        herd["places"] = {"provider": "google", "key_env": "HERD_PLACES_KEY",
                          "base_url": setup.places}
    return {"name": "one-server", "duration": "1s", "herds": [herd]}


def names(text: str) -> list:
    return [each for each in text.split(",") if each]


def addresses(text: str) -> list:
    found = []
    for each in names(text):
        name, _, address = each.partition("=")
        host, _, port = address.rpartition(":")
        found.append((name, host, int(port)))
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("herdsim")
    parser.add_argument("--herd", required=True)
    parser.add_argument("--server", required=True)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--dial", type=addresses, default=[])
    parser.add_argument("--expect", type=names, default=[])
    parser.add_argument("--propagation", default="flood-echo")
    parser.add_argument("--places")
    setup = parser.parse_args()
    words = [setup.herdsim, "serve", in_memory("scenario", json.dumps(scenario(setup))),
             "--server", setup.server, "--log", "warn"]
    # A server without neighbours has nobody to prove a secret to; `serve` asks for one all the same.
    secret = os.environ.get("HERD_SECRET") or "alone"
    words += ["--secret-file", in_memory("secret", secret + "\n")]
    # The embedded provider asks for no key, but one has to be named.
    os.environ.setdefault("HERD_PLACES_KEY", "none")
    os.execv(setup.herdsim, words)


if __name__ == "__main__":
    sys.exit(main())
