"""Optuna: GridSampler over the cells, an objective that returns at once."""

import os
import time

import optuna
from optuna.samplers import GridSampler
from optuna.storages import JournalStorage, RDBStorage
from optuna.storages.journal import JournalFileBackend
from optuna.trial import TrialState
from protocol import Finishes, read_task, take_part

task = read_task()
grid = task["grid"]


def storage():
    if task["storage"] == "sqlite":
        return RDBStorage("sqlite:///" + os.path.join(task["folder"], "study.db"))
    return JournalStorage(JournalFileBackend(os.path.join(task["folder"], "study.log")))


def objective(trial):
    trial.suggest_categorical("batchNorm", grid["batchNorm"])
    for name in ("l2", "learningRate"):
        # A float costs less to store than a choice of fifty.
        trial.suggest_float(name, min(grid[name]), max(grid[name]))
    return 0.0


def run():
    begun = time.perf_counter()
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    study = optuna.create_study(storage=storage(), sampler=GridSampler(grid, seed=0))
    finishes = Finishes()

    def finished(_, trial):
        if trial.state == TrialState.COMPLETE:
            finishes.add(trial.params)

    ready = time.perf_counter() - begun
    finishes.start()
    # Without a number of trials: the sampler ends the study when every cell has been visited.
    study.optimize(objective, timeout=task["limit"], n_jobs=task["jobs"], callbacks=[finished])
    return finishes.result(ready_seconds=ready)


take_part(f"Optuna {optuna.__version__}", run)
