"""The Twisted engine, with a collection of garbage on SIGUSR2."""

import gc
import pathlib
import signal
import sys

ENGINE = pathlib.Path(__file__).resolve().parents[2] / "engines" / "twisted"
sys.path.insert(0, str(ENGINE))

import herd  # noqa: E402, found by the path above


def collect(*_):
    gc.collect()
    print("collected", flush=True)


signal.signal(signal.SIGUSR2, collect)
sys.exit(herd.main())
