# SPDX-License-Identifier: Apache-2.0
"""Golden logits of `transformers` for small random models and for SmolLM2, and SmolLM2's choices.

    python Scripts/goldens/models.py [small | smollm2 | choices]
        writes Tests/PoliciesTests/Goldens/{small-models,smollm2,smollm2-choices}.json

The small models' weights come from a closed formula, `weight` below, which Tests/PoliciesTests/SmallModel.swift repeats,
so that no model file is committed. SmolLM2 is models/SmolLM2-135M-Instruct.gguf, dequantised by `transformers` itself.
"""

import os
import sys

import numpy
import torch
import transformers

import golden_file

SEQUENCES = [[5, 60, 2, 2, 33, 17, 0, 41, 8, 63, 29, 11], [7], [19, 18, 20, 19, 18]]

# Sizes differ from each other, so that no two can be mixed up unnoticed; the head's width is not hidden / heads in qwen3.
SMALL = {
    "llama": dict(
        model_type="llama", vocab_size=64, hidden_size=48, intermediate_size=80, num_hidden_layers=2,
        num_attention_heads=6, num_key_value_heads=2, head_dim=8, rope_theta=10_000.0, rms_norm_eps=1e-5,
        tie_word_embeddings=False,
    ),
    "llama-tied": dict(
        model_type="llama", vocab_size=72, hidden_size=24, intermediate_size=56, num_hidden_layers=3,
        num_attention_heads=3, num_key_value_heads=1, head_dim=8, rope_theta=100_000.0, rms_norm_eps=1e-6,
        tie_word_embeddings=True,
    ),
    "qwen2": dict(
        model_type="qwen2", vocab_size=64, hidden_size=32, intermediate_size=72, num_hidden_layers=2,
        num_attention_heads=4, num_key_value_heads=2, rope_theta=1_000_000.0, rms_norm_eps=1e-6,
        tie_word_embeddings=False,
    ),
    "qwen3": dict(
        model_type="qwen3", vocab_size=80, hidden_size=40, intermediate_size=64, num_hidden_layers=2,
        num_attention_heads=4, num_key_value_heads=2, head_dim=16, rope_theta=1_000_000.0, rms_norm_eps=1e-6,
        tie_word_embeddings=True,
    ),
}


def uniform(name: str, count: int) -> numpy.ndarray:
    """SplitMix64 seeded with the FNV-1a hash of the tensor's name, as doubles in [-1, 1)."""
    seed = 0xCBF29CE484222325
    for byte in name.encode():
        seed = ((seed ^ byte) * 0x100000001B3) % 2**64
    with numpy.errstate(over="ignore"):
        x = numpy.uint64(seed) + numpy.arange(1, count + 1, dtype=numpy.uint64) * numpy.uint64(0x9E3779B97F4A7C15)
        x = (x ^ (x >> numpy.uint64(30))) * numpy.uint64(0xBF58476D1CE4E5B9)
        x = (x ^ (x >> numpy.uint64(27))) * numpy.uint64(0x94D049BB133111EB)
        x = x ^ (x >> numpy.uint64(31))
    return (x >> numpy.uint64(11)).astype(numpy.float64) * 2.0**-52 - 1


def weight(name: str, shape: list[int]) -> torch.Tensor:
    values = uniform(name, int(numpy.prod(shape)))
    if name.endswith("norm.weight"):
        values = 1 + values / 4
    elif not name.endswith(".bias") and not name.startswith("model.embed_tokens"):
        values = values * numpy.sqrt(3 / shape[1])
    return torch.from_numpy(values.astype(numpy.float32)).reshape(shape)


def small_model(options: dict) -> transformers.PreTrainedModel:
    options = dict(options)
    theta = options.pop("rope_theta")
    configuration = transformers.AutoConfig.for_model(
        options.pop("model_type"), max_position_embeddings=64,
        rope_parameters={"rope_type": "default", "rope_theta": theta}, **options,
    )
    model = transformers.AutoModelForCausalLM.from_config(configuration, attn_implementation="eager")
    tensors = {name: weight(name, list(x.shape)) for name, x in model.state_dict().items() if name != "lm_head.weight"}
    head = "model.embed_tokens.weight" if configuration.tie_word_embeddings else "lm_head.weight"
    tensors["lm_head.weight"] = weight(head, list(model.lm_head.weight.shape))
    model.load_state_dict(tensors)
    return model.float().eval()


def rounded(values: torch.Tensor) -> list:
    return [rounded(x) for x in values] if values.dim() > 0 else float(f"{values.item():.7g}")


@torch.no_grad()
def small() -> None:
    models = {}
    for name, options in SMALL.items():
        model = small_model(options)
        models[name] = {
            "configuration": options,
            "logits": [rounded(model(torch.tensor([sequence])).logits[0]) for sequence in SEQUENCES],
        }
    golden_file.write(
        "Tests/PoliciesTests/Goldens/small-models.json",
        {"made_with": made_with(), "sequences": SEQUENCES, "models": models},
    )


@torch.no_grad()
def smollm2() -> None:
    folder, file = golden_file.ROOT / "models", "SmolLM2-135M-Instruct.gguf"
    tokenizer = transformers.AutoTokenizer.from_pretrained(folder, gguf_file=file)
    model = transformers.AutoModelForCausalLM.from_pretrained(
        folder, gguf_file=file, dtype=torch.float32, attn_implementation="eager"
    ).eval()
    text = "<|im_start|>user\nWhy is the sky blue? Answer in one sentence.<|im_end|>\n<|im_start|>assistant\n"
    tokens = tokenizer(text, add_special_tokens=False)["input_ids"]
    logits = model(torch.tensor([tokens])).logits[0]
    positions = [0, 1, 5, len(tokens) // 2, len(tokens) - 1]
    vocabulary = list(range(0, logits.shape[1], 997))
    greedy = list(tokens)
    for _ in range(16):
        greedy.append(model(torch.tensor([greedy])).logits[0, -1].argmax().item())
    golden_file.write(
        "Tests/PoliciesTests/Goldens/smollm2.json",
        {
            "made_with": made_with(),
            "tokens": tokens,
            "positions": positions,
            "vocabulary": vocabulary,
            "logits": rounded(logits[positions][:, vocabulary]),
            "most_likely": logits[positions].argmax(-1).tolist(),
            "largest": rounded(logits[positions].max(-1).values),
            "log_sum_exp": rounded(logits[positions].logsumexp(-1)),
            "greedy": greedy[len(tokens):],
        },
    )


CHOICES = {
    "rating": ('{"rating": ', [f"{rating}}}" for rating in range(1, 11)]),
    "words": ("The answer is", [" good", " bad", " good enough", " Sip", "!"]),
    "beginnings_alike": ("", ["10", "1", "100", "one"]),
}


@torch.no_grad()
def choices() -> None:
    """Each option's log-probability after what it does not share with the prefix alone, a forward pass an option."""
    folder, file = golden_file.ROOT / "models", "SmolLM2-135M-Instruct.gguf"
    tokenizer = transformers.AutoTokenizer.from_pretrained(folder, gguf_file=file)
    model = transformers.AutoModelForCausalLM.from_pretrained(
        folder, gguf_file=file, dtype=torch.float32, attn_implementation="eager"
    ).eval()
    messages = [
        {"role": "system", "content": "You are a judge."},
        {"role": "user", "content": "Rate from 1 to 10 as JSON.\n\nWhat helps against thirst?\n\nSip water often."},
    ]
    start = tokenizer.apply_chat_template(messages, tokenize=False, add_generation_prompt=True)
    golden = {"made_with": made_with(), "messages": messages, "choices": {}}
    for name, (prefix, options) in CHOICES.items():
        texts = [tokenizer(start + prefix + option, add_special_tokens=False)["input_ids"] for option in options]
        shared = os.path.commonprefix([tokenizer(start + prefix, add_special_tokens=False)["input_ids"], *texts])
        logprobs = []
        for tokens in texts:
            found = model(torch.tensor([tokens])).logits[0].double().log_softmax(-1)
            logprobs.append(sum(found[at - 1, tokens[at]].item() for at in range(len(shared), len(tokens))))
        golden["choices"][name] = {
            "prefix": prefix,
            "options": options,
            "prompt_length": len(shared),
            "tokens": [tokens[len(shared):] for tokens in texts],
            "logprobs": [round(value, 5) for value in logprobs],
        }
    golden_file.write("Tests/PoliciesTests/Goldens/smollm2-choices.json", golden)


def made_with() -> dict:
    return {"transformers": transformers.__version__, "torch": torch.__version__}


if __name__ == "__main__":
    chosen = sys.argv[1:] or ["small", "smollm2", "choices"]
    if "small" in chosen:
        small()
    if "smollm2" in chosen:
        smollm2()
    if "choices" in chosen:
        choices()
