"""Profiles of the engines and of their floors: which kind of work takes the processor time of an update.

Each profiler is a module with these names:

    TOOL                     what the page calls it
    COVERS                   the times that its samples cover, as processor_time.py has them
    missing()                returns why it cannot run here; empty if it can
    command(words, folder)   returns the command of a server that it can profile
    begin(servers, folder)   begins to profile running servers; returns what end() takes
    end(begun)               ends it, and returns the samples

To add an engine, name its profiler in engines_profiled.py and write the table of its functions.
"""
