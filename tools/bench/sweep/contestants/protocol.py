"""The protocol of a contestant: a line of JSON when ready; for the line on stdin, the run and a line with its result."""

import json
import sys
import time


def read_task():
    return json.loads(sys.argv[1])


def take_part(version, run):
    """`run` returns the result; the process stays until its stdin ends, so that its processor time can be read."""
    say({"version": version})
    sys.stdin.readline()
    say(run())
    sys.stdin.readline()


class Finishes:
    """When trials came to an end, and on which cells."""

    def __init__(self):
        self.times = []
        self.cpu = []
        self.cells = set()
        self.started = time.perf_counter()
        self.cpu_started = time.process_time()

    def start(self):
        """The clock starts: what came before was getting ready."""
        self.started = time.perf_counter()
        self.cpu_started = time.process_time()

    def add(self, values):
        self.times.append(round(time.perf_counter() - self.started, 6))
        self.cpu.append(round(time.process_time() - self.cpu_started, 6))
        self.cells.add(tuple(sorted(values.items())))

    def result(self, *, ready_seconds):
        return {
            "readySeconds": ready_seconds,
            "seconds": time.perf_counter() - self.started,
            "finishedAt": self.times,
            "cpuAt": self.cpu,
            "cells": len(self.cells),
        }


def say(message):
    print(json.dumps(message), flush=True)
