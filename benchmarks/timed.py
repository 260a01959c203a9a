"""A process in which scenarios are timed, driven by ``processes.Worker``.

    python timed.py here

A line of stdin is a JSON list: the number of calls, the name of a scenario, and its arguments. A
line of stdout is the seconds of one call. A scenario stays prepared until another one is named.
"""

from __future__ import annotations

import json
import sys
import time
from contextlib import ExitStack

import scenarios
from subjects import load


def seconds(call: scenarios.Call, calls: int) -> float:
    start = time.perf_counter()
    for _ in range(calls):
        call()
    return (time.perf_counter() - start) / calls


def main() -> None:
    subject = load(sys.argv[1])
    prepared: list[object] = []
    with ExitStack() as stack:
        for line in sys.stdin:
            calls, *wanted = json.loads(line)
            if wanted != prepared:
                stack.close()
                name, *arguments = prepared = wanted
                call = stack.enter_context(getattr(scenarios, name)(subject, *arguments))
                call()
            print(seconds(call, calls), flush=True)


if __name__ == "__main__":
    main()
