"""A herd of servers that keep where clients are, and tell each other. One process is one server:

    HERD_SECRET=... python3 herd.py NAME PORT NEIGHBORS [PLACES_URL]

NEIGHBORS is like Ball=127.0.0.1:4001,Welsh=127.0.0.1:4002. Of two neighbors the one whose name comes
first dials the other. Without HERD_SECRET anyone can open a link."""
import asyncio
import os
import sys
import time

from grammar import degrees, is_bound, is_radius, is_report, nanoseconds, order
from places import places
from wire import LIMIT, LONGEST, close, lines, send_answers

NAME, PORT, NEIGHBORS, PLACES_URL = [*sys.argv[1:], ""][:4]
PEERS = [each.partition("=") for each in NEIGHBORS.split(",")]
DIALED = [address.split(":") for name, _, address in PEERS if NAME < name]
HELLO = b"LINK " + os.environb.get(b"HERD_SECRET", b"")  # opens a link, which then may say AT
records = {}  # by client: the AT line of its newest report
links = set()  # writers, one for each neighbor


def take(line, client):
    """Keeps a report, and tells every neighbor of it."""
    records[client] = line
    for link in links:
        link.write(line + b"\n")


def obey(line):
    """Does what a client says. Returns the answer, and the task of the JSON that follows it."""
    match line.split():
        case [b"IAMAT", client, place, stamp] if degrees(place) and nanoseconds(stamp) is not None:
            skew = time.time_ns() - nanoseconds(stamp)
            clocks = b"%b%d.%09d" % (b"-" if skew < 0 else b"+", *divmod(abs(skew), 10**9))
            report = b" ".join((b"AT", NAME.encode(), clocks, client, place, stamp))
            # Compared without the texts of time and skew: the same report again is no news.
            if client not in records or order(report)[:3] > order(records[client])[:3]:
                take(report, client)
            return report, None
        case [b"WHATSAT", client, radius, bound] if (
                client in records and is_radius(radius) and is_bound(bound)):
            report = records[client]
            found = places(PLACES_URL, report.split()[4], radius, bound)
            return report, asyncio.create_task(found)
    return b"? " + line, None


async def serve(reader, writer):
    """Answers a client, or listens to a neighbor."""
    answers = asyncio.Queue()  # an answer may wait for Places, but a command takes effect at once
    sending = asyncio.create_task(send_answers(answers, writer))
    async for line, ending in lines(reader):
        if line == HELLO:
            sending.cancel()
            writer.write(b"LINKED %b\n" % NAME.encode())
            return await listen(reader, writer)
        if len(line) > LONGEST:
            answers.put_nowait((b"? " + line[:64], None, b"\n"))
            break
        answers.put_nowait((*obey(line), ending))
    answers.put_nowait(None)
    await sending
    await close(reader, writer)


async def listen(reader, writer):
    """Hears the reports of a neighbor until the link ends."""
    links.add(writer)
    async for line, _ in lines(reader):
        client = line.split()[3] if is_report(line) else None
        if client and (client not in records or order(line) > order(records[client])):
            take(line, client)
    links.discard(writer)
    writer.close()


async def dial(host, port):
    while True:
        try:
            reader, writer = await asyncio.open_connection(host, port, limit=LIMIT)
            writer.write(HELLO + b"\n")
            await reader.readuntil()
            await listen(reader, writer)
        except (OSError, asyncio.IncompleteReadError):
            await asyncio.sleep(0.1)


async def main():
    server = await asyncio.start_server(serve, "127.0.0.1", int(PORT), limit=LIMIT)
    await asyncio.gather(server.serve_forever(), *(dial(*each) for each in DIALED))


asyncio.run(main())
