"""The protocol of a contestant: one line of JSON when ready, training from a line on stdin on, one line at the end."""

import json
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
    loss = step()
    first = loss
    for _ in range(WARM_UP_STEPS - 1):
        step()
    say({"parameters": parameters, "penalty": penalty, "loss": first, "version": version})
    sys.stdin.readline()

    steps, cpu, started = 0, cpu_seconds(), time.perf_counter()
    ended = started
    while True:
        loss = step()
        now = time.perf_counter()
        in_time = now - started <= task["seconds"]
        # A step that is longer than the measurement counts as well: there is no other.
        if not in_time and steps > 0:
            break
        steps, ended = steps + 1, now
        if not in_time:
            break
    seconds = ended - started
    say(
        {
            "imagesPerSecond": steps * task["batchSize"] / seconds,
            "steps": steps,
            "seconds": seconds,
            "cpuSeconds": cpu_seconds() - cpu,
            "loss": loss,
        }
    )


def cpu_seconds():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def say(message):
    print(json.dumps(message), flush=True)
