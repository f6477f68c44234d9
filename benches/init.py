"""JAX's side of init.rs: for each line of stdin, draws so many 4096x4096 lecun_normal, jit-compiled and on the CPU.

Each answer is the nanoseconds of CPU and of wall time that one took. The line before all answers is the version of JAX.
"""

import sys
import time

import jax

jax.config.update("jax_platforms", "cpu")
draw = jax.jit(lambda key: jax.nn.initializers.lecun_normal()(key, (4096, 4096), jax.numpy.float32))
key = jax.random.key(0)
draw(key).block_until_ready()
print("JAX", jax.__version__, flush=True)

for line in sys.stdin:
    draws = int(line)
    wall, cpu = time.perf_counter_ns(), time.process_time_ns()
    for _ in range(draws):
        draw(key).block_until_ready()
    print((time.process_time_ns() - cpu) // draws, (time.perf_counter_ns() - wall) // draws, flush=True)
