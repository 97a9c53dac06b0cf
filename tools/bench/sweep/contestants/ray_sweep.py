"""Ray Tune: a grid search over the cells, a function that reports once."""

import logging
import tempfile
import time

import ray
from protocol import Finishes, read_task, take_part
from ray import tune

task = read_task()
grid = task["grid"]


def trainable(_):
    tune.report({"score": 0.0})


class Clock(tune.Callback):
    def __init__(self, finishes):
        self.finishes = finishes

    def on_trial_complete(self, iteration, trials, trial, **info):
        self.finishes.add(trial.config)


def run():
    # Not in the task's folder: the paths of Ray's sockets may have 107 characters at most.
    with tempfile.TemporaryDirectory(prefix="l2bn-ray-", ignore_cleanup_errors=True) as session:
        return sweep(session)


def sweep(session):
    begun = time.perf_counter()
    ray.init(
        num_cpus=task["jobs"],
        include_dashboard=False,
        log_to_driver=False,
        logging_level=logging.ERROR,
        _temp_dir=session,
    )
    finishes = Finishes()
    tuner = tune.Tuner(
        trainable,
        param_space={name: tune.grid_search(values) for name, values in grid.items()},
        tune_config=tune.TuneConfig(time_budget_s=task["limit"], reuse_actors=task["reuseActors"]),
        run_config=tune.RunConfig(name="sweep", storage_path=task["folder"], verbose=0, callbacks=[Clock(finishes)]),
    )
    ready = time.perf_counter() - begun
    finishes.start()
    tuner.fit()
    result = finishes.result(ready_seconds=ready)
    ray.shutdown()
    return result


take_part(f"Ray {ray.__version__}", run)
