"""Op-level profile of a recorded graph: `profile-graph.py FOLDER`, FOLDER as `record-graph.mjs` writes it.

The ops' times come from `RunOptions.FULL_TRACE`, the median of several traced steps for each node. FLOPs are those of
matrix products and convolutions; bytes are the inputs and outputs of every op that does not merely pass them on, each
counted once, whether or not they come from a cache.
"""

import json
import pathlib
import statistics
import sys
import time
from collections import defaultdict

import numpy as np
import tensorflow as tf
from tensorflow.core.protobuf import saved_model_pb2

WARM_UP = 10
TIMED = 20
TRACED = 20
TOP_NODES = 15
# Ops that hand a buffer on.
PASSING = {
    "_Recv", "_Send", "Const", "Identity", "NoOp", "Placeholder", "ReadVariableOp", "Reshape", "Shape", "Squeeze",
    "VarHandleOp",
}  # fmt: skip
tf1 = tf.compat.v1


def load(folder):
    saved = saved_model_pb2.SavedModel.FromString((folder / "saved_model.pb").read_bytes())
    recorded = json.loads((folder / "runs.json").read_text())
    values = (folder / "values.bin").read_bytes()

    def value(fed):
        count = int(np.prod(fed["shape"]))
        return np.frombuffer(values, fed["dtype"], count, fed["offset"]).reshape(fed["shape"])

    runs = [({fed["name"]: value(fed) for fed in run["inputs"]}, run["fetches"]) for run in recorded["runs"]]
    return saved.meta_graphs[0].graph_def, runs, recorded["batchSize"]


def trace(session, run):
    """Nanoseconds of each node, median over the traced steps; the graph that really ran; shapes by output."""
    feeds, fetches = run
    options = tf1.RunOptions(trace_level=tf1.RunOptions.FULL_TRACE, output_partition_graphs=True)
    times, sizes, graphs = defaultdict(list), {}, []
    for _ in range(TRACED):
        metadata = tf1.RunMetadata()
        session.run(fetches, feeds, options=options, run_metadata=metadata)
        graphs = metadata.partition_graphs
        for device in metadata.step_stats.dev_stats:
            for node in device.node_stats:
                times[node.node_name].append(node.op_end_rel_nanos - node.op_start_rel_nanos)
                for output in node.output:
                    description = output.tensor_description
                    shape = [dimension.size for dimension in description.shape.dim]
                    sizes[node.node_name, output.slot] = (shape, tf.as_dtype(description.dtype).size)
    nodes = {node.name: node for graph in graphs for node in graph.node}
    return {name: statistics.median(list_) for name, list_ in times.items()}, nodes, sizes


def inputs_of(node, sizes):
    for reference in node.input:
        if not reference.startswith("^"):
            name, _, slot = reference.partition(":")
            yield sizes.get((name, int(slot or 0)))


def work_of(node, sizes):
    """FLOPs and bytes."""
    inputs = list(inputs_of(node, sizes))
    outputs = [size for (name, _), size in sizes.items() if name == node.name]
    moved = 0 if node.op in PASSING else sum(int(np.prod(s)) * width for s, width in filter(None, [*inputs, *outputs]))
    return flops_of(node, inputs, outputs), moved


def flops_of(node, inputs, outputs):
    product = lambda size: int(np.prod(size[0]))
    if "MatMul" in node.op and all(inputs[:2]):
        inner = inputs[0][0][0 if node.attr["transpose_a"].b else 1]
        return 2 * inner * product(outputs[0])
    if "DepthwiseConv2d" in node.op:
        # Nine products per position of the output or of its gradient, whichever is the op's.
        positions = outputs[0] if node.op.endswith("Native") else inputs[2]
        return 2 * 9 * product(positions) if positions else 0
    if "Conv2D" in node.op:
        # kernel [h, w, in, out]: a product per kernel value and position of the output.
        backward = "Backprop" in node.op
        positions = inputs[2] if backward else outputs[0]
        kernel = outputs[0] if "Filter" in node.op else inputs[1]
        return 2 * product(kernel) * product(positions) // positions[0][-1] if positions and kernel else 0
    return 0


def show(rows, headings):
    widths = [max(len(row[i]) for row in [headings, *rows]) for i in range(len(headings))]
    for row in [headings, *rows]:
        print("  ".join(cell.ljust(w) if i == 0 else cell.rjust(w) for i, (cell, w) in enumerate(zip(row, widths))))


def rate(amount, nanoseconds):
    return f"{amount / nanoseconds:.1f}" if amount and nanoseconds else ""


def report(times, nodes, sizes):
    totals = defaultdict(lambda: [0, 0, 0, 0])
    named = []
    for name, nanoseconds in times.items():
        node = nodes.get(name)
        if node is None:
            continue
        flops, moved = work_of(node, sizes)
        for i, amount in enumerate((1, nanoseconds, flops, moved)):
            totals[node.op][i] += amount
        named.append((nanoseconds, name, node.op, flops, moved))
    total = sum(row[1] for row in totals.values())
    rows = [
        [op, str(count), f"{ns / 1e6:.2f}", f"{100 * ns / total:.1f}", rate(flops, ns), rate(moved, ns)]
        for op, (count, ns, flops, moved) in sorted(totals.items(), key=lambda item: -item[1][1])
        if ns >= total / 500
    ]
    everything = [sum(column) for column in zip(*totals.values())]
    rows.append(["all", str(everything[0]), f"{total / 1e6:.2f}", "100", "", ""])
    show(rows, ["op", "nodes", "ms", "%", "GFLOP/s", "GB/s"])
    products = sum(flops for op, (_, _, flops, _) in totals.items() if "MatMul" in op)
    rest = sum(moved for op, (_, _, _, moved) in totals.items() if "MatMul" not in op)
    print(f"matrix products: {products / 1e9:.2f} GFLOP; all other ops read and write {rest / 1e9:.2f} GB")
    print()
    named.sort(reverse=True)
    show(
        [[name, op, f"{ns / 1e6:.2f}", rate(flops, ns), rate(moved, ns)] for ns, name, op, flops, moved in named[:TOP_NODES]],
        ["node", "op", "ms", "GFLOP/s", "GB/s"],
    )


def main():
    definition, runs, batch_size = load(pathlib.Path(sys.argv[1]))
    with tf1.Session(graph=tf.Graph()) as session:
        tf1.import_graph_def(definition, name="")
        for feeds, fetches in runs:
            session.run(fetches, feeds)
        feeds, fetches = runs[-1]
        step = session.make_callable(fetches, feed_list=list(feeds))
        for _ in range(WARM_UP):
            step(*feeds.values())
        spent = []
        for _ in range(TIMED):
            started = time.process_time()
            step(*feeds.values())
            spent.append(time.process_time() - started)
        milliseconds = statistics.median(spent) * 1e3
        print(f"a step of {batch_size} images takes {milliseconds:.1f} ms of one core, untraced; ops by time, traced:\n")
        report(*trace(session, runs[-1]))


main()
