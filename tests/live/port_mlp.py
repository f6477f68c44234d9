"""Compares `port_mlp` with Flax on fresh random cases: bits for one row, within 1e-6 · Σ|y| for a batch.

Run, with the packages of tests/fixtures/requirements.txt: python tests/live/port_mlp.py [cases] [seed]
There is a batch for every ten cases. Takes some minutes; needs cargo; exits with 1 where a case disagrees.
"""

import os
import secrets
import subprocess
import sys
from pathlib import Path

# What JAX does by default on this machine, not what the golden files are capped to.
os.environ.setdefault("XLA_FLAGS", "")
ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/fixtures/port_mlp"))

import numpy as np
from export import draw, port_mlp


def ours(cases):
    """The sums that the crate returns, of NNX and of Linen."""
    lines = []
    for seed, x, hidden, out in cases:
        bits = " ".join(f"{bits:08x}" for bits in x.ravel().view(np.uint32))
        lines.append(f"{seed} {hidden} {out} {','.join(map(str, x.shape))} {bits}\n")
    command = ["cargo", "run", "--quiet", "--release", "--example", "port_mlp_cases"]
    done = subprocess.run(command, cwd=ROOT, input="".join(lines), text=True, stdout=subprocess.PIPE, check=True)
    return [np.array([int(bits, 16) for bits in line.split()], np.uint32).view(np.float32) for line in done.stdout.splitlines()]


def main():
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    start = int(sys.argv[2]) if len(sys.argv) > 2 else secrets.randbits(32)
    print(f"seed of the cases: {start}")
    rng = np.random.default_rng(start)

    rows = list(draw(rng, count))
    agree = 0
    for case, found in zip(rows, ours(rows), strict=True):
        expected, _ = port_mlp(*case)
        if found.tobytes() == expected.tobytes() or (np.isnan(found) & np.isnan(expected)).all():
            agree += 1
        else:
            seed, x, hidden, out = case
            print(f"seed {seed}, x {x.shape}, hidden {hidden}, out {out}: {found}, Flax {expected}")
    print(f"{agree} of {count} agree")

    batches = list(draw(rng, count // 10, batch=True))
    differences = []
    for case, found in zip(batches, ours(batches), strict=True):
        expected, size = port_mlp(*case)
        differences.append(float(np.abs(found.astype(np.float64) - expected).max() / size) if size else 0.0)
        if differences[-1] > 1e-6:
            seed, x, hidden, out = case
            print(f"seed {seed}, x {x.shape}, hidden {hidden}, out {out}: {found}, Flax {expected}")
    near = sum(difference <= 1e-6 for difference in differences)
    print(f"{near} of {len(batches)} batches are within 1e-6 of the sum of the absolute outputs, the worst {max(differences, default=0):.1e}")
    sys.exit(agree < count or near < len(batches))


if __name__ == "__main__":
    main()
