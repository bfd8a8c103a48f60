"""A correct herd, and one bug, which the last argument names: NAME PORT NEIGHBOURS PLACES_URL [BUG].

It dials NEIGHBOURS (Ball=127.0.0.1:4001,...); the others dial it. BUGS says what each bug does.
"""

import asyncio
import os
import pathlib
import sys
import threading
import time

TEMPLATES = pathlib.Path(__file__).resolve().parents[3] / "sim" / "app" / "new" / "templates"
sys.dont_write_bytecode = True
sys.path.insert(0, str(TEMPLATES / "python"))

from grammar import degrees, is_bound, is_radius, is_report, nanoseconds, order  # noqa: E402
from places import places  # noqa: E402
from wire import LIMIT, LONGEST, close, lines  # noqa: E402

BUGS = {
    "": "none",
    "no-echo": "bad lines are not answered",
    "short-echo": "bad lines are answered with `?` alone",
    "no-range-check": "a location may be anywhere",
    "dies-of-bad-numbers": "the process ends at a time that is no number",
    "stale-wins": "a client's last update wins, however old it is",
    "float-times": "times are compared as floats",
    "floods-for-ever": "every AT is sent on, known or not",
    "floods-twice": "each AT goes out twice",
    "no-flood": "neighbours are told nothing",
    "tells-one": "only the first neighbour is told",
    "drops-second": "of several commands in one read only the first is obeyed",
    "one-command": "a connection is closed after its first answer",
    "out-of-order": "answers do not wait for each other",
    "skew-sign": "the skew is the client's time less the server's",
    "blocks": "everything stands still while Places is asked",
    "no-redial": "a lost link is never dialled again",
    "no-rejoin": "a neighbour whose link was lost is told nothing any more",
    "forgets": "a lost link makes the server forget all records",
    "renames": "a relayed AT has the name of the server that relays it",
    "bare-json": "no empty line follows the JSON",
    "no-bound": "the bound is ignored",
    "lf-only": "answers always end in LF",
    "no-limit": "a line may have any length",
    "takes-rest": "text without an ending counts when the connection closes",
}

NAME, PORT, PLACES_URL = sys.argv[1].encode(), int(sys.argv[2]), sys.argv[4]
NEIGHBORS = [each.split("=")[1].split(":") for each in sys.argv[3].split(",") if each]
BUG = sys.argv[5] if len(sys.argv) > 5 else ""
HELLO = b"LINK " + os.environb[b"HERD_SECRET"] + b" "
records = {}
links = {}  # by the name of the neighbour
lost = set()
tasks = set()  # asyncio keeps only weak references


class Death(Exception):
    pass


def kept(task):
    tasks.add(task)
    task.add_done_callback(tasks.discard)
    return task


def is_newer(line, old, fields=5):
    # A stale report of a neighbour must not win too: then two reports would circle for ever, each in
    # the place of the other, and chance would say which one a client is told.
    if BUG == "stale-wins":
        return fields == 3
    if BUG == "float-times":
        return float(line.split()[5]) > float(old.split()[5])
    return order(line)[:fields] > order(old)[:fields]


def tell(line, again=False):
    if BUG == "no-flood":
        return
    if BUG == "renames":
        words = line.split()
        line = b" ".join([words[0], NAME, *words[2:]])
    one = again or BUG == "tells-one"
    for link in list(links.values())[:1 if one else None]:
        link.write((line + b"\n") * (2 if BUG == "floods-twice" else 1))


def take(line, fields=5):
    client = line.split()[3]
    if client not in records or is_newer(line, records[client], fields):
        is_same = records.get(client) == line
        records[client] = line
        if not is_same:
            tell(line)
            return
    if BUG == "floods-for-ever":
        asyncio.get_running_loop().call_later(0.05, tell, line, True)


def ask_places(location, radius, bound):
    return places(PLACES_URL, location, radius, b"20" if BUG == "no-bound" else bound)


def blocking_places(location, radius, bound):
    """Waits for Places, and so lets the only loop wait."""
    found = []
    thread = threading.Thread(
        target=lambda: found.append(asyncio.run(places(PLACES_URL, location, radius, bound))))
    thread.start()
    thread.join()
    return found[0]


def is_place(text):
    if BUG == "no-range-check":
        return text[:1] in (b"+", b"-")
    return degrees(text)


def obey(line):
    words = line.split()
    if len(words) == 4 and words[0] == b"IAMAT" and is_place(words[2]):
        if BUG == "dies-of-bad-numbers" and nanoseconds(words[3]) is None:
            raise Death
        if nanoseconds(words[3]) is not None:
            skew = time.time_ns() - nanoseconds(words[3])
            skew = -skew if BUG == "skew-sign" else skew
            clocks = b"%b%d.%09d" % (b"-" if skew < 0 else b"+", *divmod(abs(skew), 10**9))
            report = b" ".join((b"AT", NAME, clocks, *words[1:]))
            take(report, 3)
            return report, None
    if (len(words) == 4 and words[0] == b"WHATSAT" and words[1] in records
            and is_radius(words[2]) and is_bound(words[3])):
        report = records[words[1]]
        asked = (report.split()[4], words[2], words[3])
        if BUG == "blocks":
            return report, blocking_places(*asked)
        return report, kept(asyncio.create_task(ask_places(*asked)))
    if BUG == "no-echo":
        return None, None
    return (b"?" if BUG == "short-echo" else b"? " + line), None


async def send(answer, task, ending, writer):
    if answer is None:
        return
    text = answer + ending
    if task is not None:
        json = task if isinstance(task, bytes) else await task
        text += json + ending * (1 if BUG == "bare-json" else 2)
    writer.write(text)


async def send_in_order(answers, writer):
    while each := await answers.get():
        await send(*each, writer)
    writer.write_eof()


async def client_lines(reader):
    if BUG not in ("drops-second", "no-limit", "takes-rest"):
        async for each in lines(reader):
            yield each
        return
    held = b""
    while data := await reader.read(1 << 20):
        whole, end, held = (held + data).rpartition(b"\n")
        found = (whole + end).splitlines(keepends=True) if end else []
        for text in found[:1] if BUG == "drops-second" else found:
            line = text[:-2] if text.endswith(b"\r\n") else text[:-1]
            yield line[:LONGEST] if BUG == "no-limit" else line, text[len(line):]
    if BUG == "takes-rest" and held:
        yield held, b"\n"


async def serve(reader, writer):
    answers = asyncio.Queue()
    sending = kept(asyncio.create_task(send_in_order(answers, writer)))
    try:
        async for line, ending in client_lines(reader):
            if line.startswith(HELLO):
                sending.cancel()
                writer.write(b"LINKED " + NAME + b"\n")
                return await listen(line[len(HELLO):], reader, writer)
            if len(line) > LONGEST:
                answers.put_nowait((b"? " + line[:64], None, b"\n"))
                break
            answer = (*obey(line), b"\n" if BUG == "lf-only" else ending)
            if BUG == "out-of-order":
                kept(asyncio.create_task(send(*answer, writer)))
            else:
                answers.put_nowait(answer)
            if BUG == "one-command":
                break
        answers.put_nowait(None)
        await sending
        if BUG == "one-command":
            writer.close()
        await close(reader, writer)
    except ConnectionError:
        writer.close()
    except Death:
        # On a busy machine a process that dies may lose its connections long before its port.
        writer.transport.abort()
        await asyncio.sleep(0)
        time.sleep(0.3)
        os._exit(1)


async def listen(peer, reader, writer):
    if BUG != "no-rejoin" or peer not in lost:
        links[peer] = writer
    async for line, _ in lines(reader):
        if is_report(line):
            take(line)
    if links.get(peer) is writer:
        del links[peer]
        lost.add(peer)
    if BUG == "forgets":
        records.clear()
    writer.close()


async def dial(host, port):
    while True:
        try:
            reader, writer = await asyncio.open_connection(host, port, limit=LIMIT)
            writer.write(HELLO + NAME + b"\n")
            peer = (await reader.readuntil()).split()[1]
            await listen(peer, reader, writer)
            if BUG == "no-redial":
                return
        except (OSError, asyncio.IncompleteReadError):
            await asyncio.sleep(0.1)


async def main():
    server = await asyncio.start_server(serve, "127.0.0.1", PORT, limit=LIMIT)
    await asyncio.gather(server.serve_forever(), *(dial(*each) for each in NEIGHBORS))


assert BUG in BUGS, BUG
asyncio.run(main())
