"""A herd as students write it with asyncio.

Its habits: ports in the source (here from the environment, because tests run in parallel); one
read taken for one command; answers without a line ending, on connections that stay open; a new
connection for every flooded message; an AT line with a field too many; silence in answer to bad
commands.
"""

import asyncio
import os
import sys
import time

BASE = int(os.environ["WILD_BASE"])
PORTS = {"Goloman": BASE, "Hands": BASE + 1, "Holiday": BASE + 2, "Welsh": BASE + 3,
         "Wilkes": BASE + 4}
NEIGHBORS = {"Goloman": ["Hands", "Holiday", "Wilkes"], "Hands": ["Goloman", "Wilkes"],
             "Holiday": ["Goloman", "Welsh", "Wilkes"], "Welsh": ["Holiday"],
             "Wilkes": ["Goloman", "Hands", "Holiday"]}

name = sys.argv[1]
clients = {}
# It logs to a file, as most do.
log = sys.stdout
if "WILD_LOGS" in os.environ:
    log = open(os.path.join(os.environ["WILD_LOGS"], name + ".log"), "w")


async def flood(message):
    for neighbor in NEIGHBORS[name]:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", PORTS[neighbor])
            writer.write(message.encode())
            await writer.drain()
            writer.close()
        except OSError:
            print("no", neighbor, flush=True)


async def handle(reader, writer):
    while True:
        data = await reader.read(100000)
        if not data:
            break
        message = data.decode()
        words = message.split()
        if words[0] == "IAMAT" and len(words) == 4:
            skew = time.time() - float(words[3])
            at = "AT %s %+f %s %s" % (name, skew, " ".join(words[1:]), "extra")
            clients[words[1]] = at
            print("HOLD client=%s time=%s" % (words[1], words[3]), file=log, flush=True)
            await flood(at)
            writer.write(at.encode())
        elif words[0] == "AT":
            old = clients.get(words[3])
            if old is None or float(old.split()[5]) < float(words[5]):
                clients[words[3]] = message
                print("HOLD client=%s time=%s" % (words[3], words[5]), file=log, flush=True)
                await flood(message)
        elif words[0] == "WHATSAT" and words[1] in clients:
            writer.write((clients[words[1]] + '\n{"results": [], "status": "ZERO_RESULTS"}').encode())
        await writer.drain()
    writer.close()


async def main():
    server = await asyncio.start_server(handle, "127.0.0.1", PORTS[name])
    async with server:
        await server.serve_forever()


asyncio.run(main())
