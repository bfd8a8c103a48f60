"""Lines of a connection, and answers in the order of their commands."""
import asyncio
import contextlib

LONGEST = 8192  # bytes of a client's line
LIMIT = LONGEST + 1025  # a neighbor's may have 1,024 more


async def lines(reader):
    """Yields lines and their endings; of a line that is too long the beginning, without an ending."""
    try:
        while True:
            text = await reader.readuntil()
            line = text[:-2] if text.endswith(b"\r\n") else text[:-1]
            yield line, text[len(line):]
    except asyncio.LimitOverrunError:
        yield await reader.readexactly(LONGEST + 1), b""
    except (asyncio.IncompleteReadError, ConnectionError):
        pass  # text without an ending is dropped


async def send_answers(answers, writer):
    """Sends each (line, task of the JSON behind it, ending) of a queue, up to a None."""
    while answer := await answers.get():
        line, task, ending = answer
        writer.write(line + ending + (await task + ending * 2 if task else b""))
    writer.write_eof()


async def close(reader, writer):
    """Closes once the client has: to close with unread bytes would take the last answer back."""
    with contextlib.suppress(ConnectionError):
        while await reader.read(LONGEST):
            pass
    writer.close()
