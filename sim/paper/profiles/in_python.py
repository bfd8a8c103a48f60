"""Runs a server in Python with a sampling profiler: sigprof_profiler.py SCRIPT ARGUMENT…

SIGUSR2 begins to sample, and the next SIGUSR2 ends it and writes FOLDER/PID.json: the stacks, each with the
number of its samples. The kernel sends SIGPROF after each millisecond of the process's own time (or each tick of
the kernel, if that is longer). Python handles it before its next instruction, so a sample in a function in C
counts for the function that called it. A sample in the profiler's own functions does not count.
"""

import collections
import json
import os
import pathlib
import runpy
import signal
import sys

INTERVAL_S = 0.001
DEPTH = 6

samples = collections.Counter()
wakes = -1
is_profiling = False


def sample(_, frame):
    if frame.f_code in (sample.__code__, toggle.__code__):
        return
    stack = []
    while frame is not None and len(stack) < DEPTH:
        stack.append((frame.f_code.co_qualname, frame.f_code.co_filename))
        frame = frame.f_back
    samples[tuple(stack)] += 1


def toggle(*_):
    global is_profiling, wakes
    is_profiling = not is_profiling
    if is_profiling:
        # Twisted lets each signal wake its reactor; a sample must not.
        wakes = signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGPROF, sample)
        signal.setitimer(signal.ITIMER_PROF, INTERVAL_S, INTERVAL_S)
        print("profiling", flush=True)
        return
    signal.setitimer(signal.ITIMER_PROF, 0)
    signal.set_wakeup_fd(wakes)
    (folder / f"{os.getpid()}.json").write_text(json.dumps(list(samples.items())))
    print("profiled", flush=True)


if __name__ == "__main__":
    folder = pathlib.Path(sys.argv[1])
    del sys.argv[:2]
    sys.path[0] = str(pathlib.Path(sys.argv[0]).resolve().parent)
    signal.signal(signal.SIGUSR2, toggle)
    runpy.run_path(sys.argv[0], run_name="__main__")
