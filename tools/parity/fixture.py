"""Where fixtures lie, and how they are written."""

import json
import pathlib

CORE = pathlib.Path(__file__).resolve().parents[2] / "packages" / "core" / "src"


def write(path, content):
    """Writes `content` as JSON below packages/core/src, one entry of each list on a line of its own."""
    import keras
    import tensorflow

    made_with = {"keras": keras.__version__, "tensorflow": tensorflow.__version__}
    target = CORE / path
    target.parent.mkdir(parents=True, exist_ok=True)
    body = {"madeWith": made_with, **content}
    lines = [f"  {json.dumps(key)}: {_lay_out(value)}" for key, value in body.items()]
    target.write_text("{\n" + ",\n".join(lines) + "\n}\n")
    print(f"{target}: {target.stat().st_size} bytes")


def _lay_out(value, depth=1):
    if not isinstance(value, list) or not any(isinstance(item, (list, dict)) for item in value):
        if isinstance(value, dict) and any(isinstance(item, list) for item in value.values()):
            pad = "  " * (depth + 1)
            entries = [f"{pad}{json.dumps(key)}: {_lay_out(item, depth + 1)}" for key, item in value.items()]
            return "{\n" + ",\n".join(entries) + "\n" + "  " * depth + "}"
        return json.dumps(value)
    pad = "  " * (depth + 1)
    return "[\n" + ",\n".join(f"{pad}{_lay_out(item, depth + 1)}" for item in value) + "\n" + "  " * depth + "]"
