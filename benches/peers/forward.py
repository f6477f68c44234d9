"""JAX jit and ONNX Runtime for `src/python.rs`: a line in, a line out."""

import os
import sys
import time

import numpy as np

out = os.fdopen(os.dup(1), "w", buffering=1)
os.dup2(2, 1)  # What a library prints is no answer.
lines = sys.stdin.buffer


def jax_model(layers, x):
    import jax
    import jax.numpy as jnp

    @jax.jit
    def forward(layers, x):
        for index, (kernel, bias) in enumerate(layers):
            x = jax.nn.relu(x) if index else x
            x = x @ kernel + bias
        return x

    layers = [(jnp.asarray(kernel), jnp.asarray(bias)) for kernel, bias in layers]
    x = jnp.asarray(x)
    return lambda: forward(layers, x).block_until_ready()


def onnx_model(layers, x):
    import onnxruntime
    from onnx import TensorProto, helper, numpy_helper

    nodes, weights, name = [], [], "x"
    for index, (kernel, bias) in enumerate(layers):
        weights += [numpy_helper.from_array(kernel, f"k{index}"), numpy_helper.from_array(bias, f"b{index}")]
        if index:
            nodes.append(helper.make_node("Relu", [name], [f"r{index}"]))
            name = f"r{index}"
        nodes.append(helper.make_node("Gemm", [name, f"k{index}", f"b{index}"], [f"y{index}"]))
        name = f"y{index}"
    graph = helper.make_graph(
        nodes,
        "mlp",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, x.shape)],
        [helper.make_tensor_value_info(name, TensorProto.FLOAT, [x.shape[0], layers[-1][1].size])],
        weights,
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=10)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = len(os.sched_getaffinity(0))
    session = onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
    return lambda: session.run(None, {"x": x})[0]


def version(*modules):
    try:
        found = [__import__(module).__version__ for module in modules]
    except ImportError as error:
        return f"missing: {error}"
    return found[0]


versions = {"JAX jit": version("jax"), "ONNX Runtime": version("onnxruntime", "onnx")}
for found in versions.values():
    print(found, file=out)
makers = {"JAX jit": jax_model, "ONNX Runtime": onnx_model}
makers = {name: make for name, make in makers.items() if not versions[name].startswith("missing")}


def array(*shape):
    count = int(np.prod(shape))
    return np.frombuffer(lines.read(4 * count), np.float32).reshape(shape).copy()


for line in iter(lines.readline, b""):
    question, *rest = line.decode().split()
    if question == "end":
        break
    if question == "model":
        batch, *sizes = map(int, rest)
        layers = [(array(inputs, outputs), array(outputs)) for inputs, outputs in zip(sizes, sizes[1:])]
        x = array(batch, sizes[0])
        models = {name: make(layers, x) for name, make in makers.items()}
        print("ready", file=out)
    elif question == "output":
        y = np.asarray(models[" ".join(rest)]())
        print(*y.ravel().tolist(), file=out)
    elif question == "time":
        calls, model = int(rest[0]), models[" ".join(rest[1:])]
        start = time.perf_counter_ns()
        for _ in range(calls):
            model()
        print(time.perf_counter_ns() - start, file=out)
