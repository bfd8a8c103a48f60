#!/usr/bin/python3
"""Starts a native server with the command line that the other engines have.

Writes a scenario for that one server and replaces itself with `herdsim serve`, so that nothing of
this program is measured. The files are in memory and disappear with the process.
"""

import argparse
import json
import os
import sys


def in_memory(name: str, text: str) -> str:
    """Returns the path of a file that only this process and its successor can read."""
    file = os.memfd_create(name, 0)
    os.fchmod(file, 0o600)
    os.write(file, text.encode())
    return f"/proc/self/fd/{file}"


def scenario(setup: argparse.Namespace) -> dict:
    # The server that is listed first dials the other one.
    servers = [{"name": name} for name in setup.expect]
    servers.append({"name": setup.server, "host": setup.host, "port": setup.port})
    servers += [{"name": name, "host": host, "port": port} for name, host, port in setup.dial]
    # The others are hosted elsewhere and have no link to this one, but its neighbours relay them.
    known = {each["name"] for each in servers}
    servers += [{"name": name} for name in setup.servers if name not in known]
    links = [[setup.server, name] for name, _, _ in setup.dial]
    links += [[name, setup.server] for name in setup.expect]
    herd = {"name": setup.herd, "servers": servers, "links": links,
            "propagation": setup.propagation, "keepalive": "off"}
    if setup.places:
        herd["places"] = {"provider": "google", "key_env": "HERD_PLACES_API_KEY",
                          "base_url": setup.places}
    return {"name": "one-server", "duration": "1s", "herds": [herd]}


def names(text: str) -> list:
    return [each for each in text.split(",") if each]


def names_of_herd(text: str) -> list:
    return [each.partition("=")[0] for each in names(text)]


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
    parser.add_argument("--servers", type=names_of_herd, default=[])
    parser.add_argument("--propagation", default="flood-echo")
    parser.add_argument("--places")
    parser.add_argument("--log", default="warn")
    setup = parser.parse_args()
    words = [setup.herdsim, "serve", in_memory("scenario", json.dumps(scenario(setup))),
             "--server", setup.server, "--log", setup.log]
    # `serve` requires a secret, even if the server has no neighbours.
    secret = os.environ.get("HERD_SECRET") or "of a server that is alone"
    words += ["--secret-file", in_memory("secret", secret + "\n")]
    # The embedded provider needs no key, but the scenario must name a variable.
    os.environ.setdefault("HERD_PLACES_API_KEY", "none")
    os.execv(setup.herdsim, words)


if __name__ == "__main__":
    sys.exit(main())
