"""What a test costs here, with moto, and at the floor, as SVG.

    python benchmarks/chart.py run.json > docs/cost.svg

One dot a figure on a logarithmic scale, because bars say nothing without a zero. Text stays text,
and the greys are readable on white and on black, because the background is the page's.
"""

from __future__ import annotations

import io
import sys
from pathlib import Path
from typing import Any

from matplotlib import rc_context
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from result import Row, Run, read
from table import digits, duration

#: Subjects by colour and marker, so that colour is not all that tells them apart.
_STYLES = {
    "floor": ("#8b949e", "|"),
    "here": ("#2da44e", "o"),
    "moto": ("#d4762c", "D"),
}
_LABELS = {"floor": "floor", "here": "ec2_keypair_mock", "moto": "moto"}
_TEXT = "#727b85"
# Inches of 72 points: narrow enough for a phone, where it is scaled down to its width.
_WIDTH = 5.7
_ROW = 0.62
_SETTINGS: Any = {
    "svg.fonttype": "none",
    "svg.hashsalt": "ec2_keypair_mock",
    "font.family": "sans-serif",
    "font.sans-serif": ["Helvetica", "Arial", "DejaVu Sans", "sans-serif"],
    "font.size": 12,
    "text.color": _TEXT,
    "xtick.color": _TEXT,
    "axes.edgecolor": _TEXT,
    "axes.labelcolor": _TEXT,
}
_METADATA = {"Date": None, "Title": "What a test costs: the floor, ec2_keypair_mock, moto"}


def chart(run: Run) -> str:
    """The rows that have a figure of all three."""
    rows = [row for row in run["rows"] if row["columns"].keys() >= _STYLES.keys()]
    with rc_context(_SETTINGS):
        figure = Figure(figsize=(_WIDTH, _ROW * len(rows) + 1.3))
        axes = figure.subplots()
        for position, row in enumerate(rows):
            _draw(axes, row, position)
        _frame(axes, len(rows))
        figure.tight_layout(pad=0.3)
        return _svg(figure)


def _draw(axes: Any, row: Row, position: int) -> None:
    medians = {name: row["columns"][name]["median"] for name in _STYLES}
    ends = (min(medians.values()), max(medians.values()))
    axes.plot(ends, (position, position), color=_TEXT, linewidth=1, alpha=0.5, zorder=1)
    for name, (colour, marker) in _STYLES.items():
        axes.scatter(
            medians[name],
            position,
            s=110 if marker == "|" else 55,
            color=colour,
            marker=marker,
            linewidths=2.5 if marker == "|" else 0,
            zorder=2,
            label=_LABELS[name] if position == 0 else None,
        )
    times = digits(medians["moto"] / medians["here"])
    note = f"{duration(medians['here'])}, moto {times} x"
    _write(axes, row["title"], 0, position, "left")
    _write(axes, note, 1, position, "right")


def _write(axes: Any, text: str, x: float, position: int, align: str) -> None:
    """Write above the dots, from the left or the right end of the axis."""
    place = axes.get_yaxis_transform()
    axes.text(x, position - 0.32, text, transform=place, ha=align, va="bottom")


def _frame(axes: Any, rows: int) -> None:
    axes.set_xscale("log")
    axes.set_ylim(rows - 0.6, -0.85)
    axes.set_yticks([])
    axes.xaxis.set_major_formatter(FuncFormatter(lambda seconds, _: _tick(seconds)))
    axes.minorticks_off()
    axes.grid(axis="x", color=_TEXT, alpha=0.25)
    axes.set_xlabel("median, logarithmic scale; 2 x is twice as long as here")
    for side in ("left", "right", "top"):
        axes.spines[side].set_visible(False)
    axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1), ncols=3, frameon=False)


def _tick(seconds: float) -> str:
    return f"{seconds:g} s" if seconds >= 1 else f"{seconds * 1000:g} ms"


def _svg(figure: Figure) -> str:
    file = io.StringIO()
    figure.savefig(file, format="svg", transparent=True, metadata=_METADATA)
    return file.getvalue()


if __name__ == "__main__":
    print(chart(read(Path(sys.argv[1]))), end="")
