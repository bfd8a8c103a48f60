"""A small correct herd in the manner of students: a new connection for each message, a log of what
it holds. NAME PORT NEIGHBOURS' PORTS, and habits as further words."""

import asyncio
import sys
import time

name, port = sys.argv[1], int(sys.argv[2])
peers = [int(word) for word in sys.argv[3].split(",") if word] if len(sys.argv) > 3 else []
habits = set(sys.argv[4:])
known = {}
kept = []
links = {}


def seconds(habit):
    """Returns the number behind a habit, as in reply-after=0.2; 0 if it does not have the habit."""
    return next((float(each.split("=")[1]) for each in habits if each.startswith(habit + "=")), 0.0)


async def send(peer, line):
    try:
        if "persistent" in habits:
            if peer not in links:
                links[peer] = (await asyncio.open_connection("127.0.0.1", peer))[1]
            links[peer].write(line)
            return
        _, writer = await asyncio.open_connection("127.0.0.1", peer)
        writer.write(line)
        await writer.drain()
        writer.close()
    except OSError:
        links.pop(peer, None)


async def take(words, line):
    if float(words[5]) <= float(known.get(words[3], [0] * 6)[5]):
        return
    known[words[3]] = words
    print("HOLD", words[3], words[5], flush="buffers" not in habits)
    for peer in peers:
        await send(peer, line)


async def serve(reader, writer):
    if "greets" in habits:
        writer.write(b"hello from " + name.encode() + b"\n")
    if "keeps" in habits:
        kept.append(writer)
    while line := await reader.readline():
        words = line.decode().split()
        if "mute" in habits:
            print("GOT", line.decode().strip(), flush=True)
        elif words[:1] == ["IAMAT"] and len(words) == 4:
            skew = time.time() - float(words[3])
            if "shortens" in habits:
                words[3] = "%.2f" % float(words[3])
            answer = "AT %s %+.9f %s %s %s" % (name, skew, *words[1:])
            flood = take(answer.split(), (answer + "\n").encode())
            if seconds("reply-after"):
                await flood
                await asyncio.sleep(seconds("reply-after"))
            else:
                asyncio.ensure_future(flood)
            writer.write((answer + ("" if "endless" in habits else "\n")).encode())
            if "hangs-up" in habits:
                break
        elif words[:1] == ["AT"] and len(words) == 6:
            await asyncio.sleep(seconds("takes"))
            await take(words, line)
        elif words[:1] == ["WHATSAT"] and words[1] in known and "secretive" not in habits:
            writer.write((" ".join(known[words[1]]) + '\n{"results": [], "status": "OK"}\n\n').encode())
        else:
            writer.write(b"ERROR: cannot do that\n" if "blunt" in habits else b"? " + line)
    if "keeps" not in habits or "hangs-up" in habits:
        writer.close()


async def main():
    server = await asyncio.start_server(serve, "127.0.0.1", port)
    if "persistent" in habits and "at-once" in habits:
        for peer in peers:
            asyncio.ensure_future(dial(peer))
    await server.serve_forever()


async def dial(peer):
    while peer not in links:
        try:
            links[peer] = (await asyncio.open_connection("127.0.0.1", peer))[1]
        except OSError:
            await asyncio.sleep(0.05)


if "buffers" in habits:
    import signal
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
asyncio.run(main())
