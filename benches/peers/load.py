"""What Python takes for the same file, for `src/bin/load.rs`: milliseconds and the peak in MiB."""

import sys
import time

import jax
import numpy as np
from flax import nnx

way, file = sys.argv[1:]
DEPTH = 16


class Model(nnx.Module):
    def __init__(self):
        self.layers = nnx.List([nnx.Linear(1, 1, rngs=nnx.Rngs(0)) for _ in range(DEPTH)])


model = Model()
jax.devices()
start = time.perf_counter()
if way == "Flax msgpack_restore":
    from flax.serialization import msgpack_restore

    with open(file, "rb") as opened:
        params = msgpack_restore(opened.read())["params"]
else:
    from safetensors.numpy import load_file

    params = {f"Dense_{index}": {} for index in range(DEPTH)}
    for name, array in load_file(file).items():
        _, layer, leaf = name.split("/")
        params[layer][leaf] = array
for index, layer in enumerate(model.layers):
    layer.kernel.value = jax.numpy.asarray(params[f"Dense_{index}"]["kernel"])
    layer.bias.value = jax.numpy.asarray(params[f"Dense_{index}"]["bias"])
jax.block_until_ready(nnx.state(model))
seconds = time.perf_counter() - start
with open("/proc/self/status") as status:
    peak = next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))
print(seconds * 1e3, peak / 1024)
