"""What Optuna's pruners decide about noisy curves, told one trial after the other: a fixture for packages/runner."""

import json
import pathlib

import numpy as np
import optuna

TARGET = pathlib.Path(__file__).resolve().parents[2] / "packages/runner/src/schedule/pruning/fixtures/optuna-pruners.json"
EPOCHS = 12
CASES = [
    {"rule": "median", "startupTrials": 5, "warmupEpochs": 1, "interval": 1},
    {"rule": "median", "startupTrials": 1, "warmupEpochs": 3, "interval": 2},
    {"rule": "asha", "minEpochs": 1, "rungTrials": 1, "reductionFactor": 3},
    {"rule": "asha", "minEpochs": 2, "rungTrials": 1, "reductionFactor": 2},
    {"rule": "asha", "minEpochs": 1, "rungTrials": 1, "reductionFactor": 4},
]


def pruner_of(case):
    if case["rule"] == "median":
        # Optuna calls the first epoch whose report may prune "warmup steps".
        return optuna.pruners.MedianPruner(case["startupTrials"], case["warmupEpochs"], case["interval"])
    return optuna.pruners.SuccessiveHalvingPruner(case["minEpochs"], case["reductionFactor"], 0)


def decisions(case, curves):
    """The epoch after which each trial is pruned, or None. The last epoch is not judged: the trial is done by then."""
    study = optuna.create_study(pruner=pruner_of(case))
    ends = []
    for curve in curves:
        trial = study.ask()
        end = None
        for epoch, value in enumerate(curve, start=1):
            trial.report(value, epoch)
            if epoch < EPOCHS and trial.should_prune():
                end = epoch
                break
        if end is None:
            study.tell(trial, curve[-1])
        else:
            study.tell(trial, state=optuna.trial.TrialState.PRUNED)
        ends.append(end)
    return ends


def main():
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    random = np.random.default_rng(7)
    epochs = np.arange(1, EPOCHS + 1)
    curves = [
        # Rounded, so that equal values come up: ties are where rules differ.
        np.round(a + b * np.exp(-epochs / c) + random.normal(0, 0.15, EPOCHS), 1).tolist()
        for a, b, c in zip(random.uniform(0.2, 1, 60), random.uniform(0.5, 2, 60), random.uniform(1, 6, 60))
    ]
    content = {
        "madeWith": {"optuna": optuna.__version__},
        "epochs": EPOCHS,
        "curves": curves,
        "cases": [{"rule": case, "prunedAfter": decisions(case, curves)} for case in CASES],
    }
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    TARGET.write_text(json.dumps(content) + "\n")
    print(f"{TARGET}: {TARGET.stat().st_size} bytes")
    for case in content["cases"]:
        print(case["rule"], sum(end is not None for end in case["prunedAfter"]), "pruned")


main()
