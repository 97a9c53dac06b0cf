"""The protocol of a contestant: a line of JSON when ready; for each line on stdin, a measurement and a line with its result."""

import json
import math
import resource
import sys
import time

import numpy as np

# The first steps are slow: that is when graphs are traced and code is compiled.
WARM_UP_STEPS = 6


def read_task():
    task = json.loads(sys.argv[1])
    size = task["imageSize"]
    images = np.fromfile(task["images"], np.float32).reshape(-1, size, size, 3)
    return task, images, np.fromfile(task["labels"], np.int32)


def run(task, step, *, parameters, penalty, version):
    """`step` trains once and returns the loss, cross-entropy and penalty, of before the update."""
    first = step()
    for _ in range(WARM_UP_STEPS - 1):
        step()
    say({"parameters": parameters, "penalty": penalty, "loss": first, "version": version})
    for _ in sys.stdin:
        say(measure(task, step))


def measure(task, step):
    """Trains for the task's time. Only steps that ended in time count: whoever shares the machine was at work through
    all of them. A step that is longer than the whole measurement counts as well, as there is no other."""
    steps, cpu, started = 0, cpu_seconds(), time.perf_counter()
    ended, in_time, losses = started, True, []
    while in_time:
        losses.append(step())
        now = time.perf_counter()
        in_time = now - started <= task["seconds"]
        if in_time or steps == 0:
            steps, ended = steps + 1, now
    seconds = ended - started
    return {
        "imagesPerSecond": steps * task["batchSize"] / seconds,
        "steps": steps,
        "seconds": seconds,
        "cpuSeconds": cpu_seconds() - cpu,
        # At this learning rate a single step may well raise it.
        "loss": min(losses) if math.isfinite(losses[-1]) else None,
    }


def cpu_seconds():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def say(message):
    print(json.dumps(message), flush=True)
