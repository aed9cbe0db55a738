# SPDX-License-Identifier: Apache-2.0
"""Golden values of GRPO's advantages and losses from TRL's own GRPOTrainer.

    python Scripts/goldens/grpo.py        writes Tests/GRPOTests/Goldens/grpo.json

A real trainer is built around a random model of a few hundred parameters. Advantages come from its
`_generate_and_score_completions`, with generation replaced by fixed tokens and the rewards fixed; losses and gradients
from its `_compute_loss`, with the model's log-probabilities replaced by a fixed leaf. Everything between is TRL's code,
in double precision: one micro-batch, no missing reward, no masked completion (there our normalisers differ on purpose).
The divergence is the plain k3 estimate (DeepSeekMath, equation 4): TRL multiplies it by the importance ratio unless
`use_bias_correction_kl` is off.
"""

import itertools
import random
import tempfile

import datasets
import tokenizers
import torch
import transformers
import trl

import golden_file

SEED = 20250723

GROUP_SIZE = 4
LENGTHS = [5, 3, 1, 4, 2, 5, 4, 5]
LONGEST = 6  # max_completion_length: longer than any row, so that dr_grpo shows


def tokenizer() -> transformers.PreTrainedTokenizerFast:
    vocabulary = {word: index for index, word in enumerate(["<pad>", "<eos>", "a", "b"])}
    model = tokenizers.Tokenizer(tokenizers.models.WordLevel(vocabulary, unk_token="<pad>"))
    model.pre_tokenizer = tokenizers.pre_tokenizers.Whitespace()
    return transformers.PreTrainedTokenizerFast(tokenizer_object=model, pad_token="<pad>", eos_token="<eos>")


def trainer(rewards: list[float], folder: str, **options) -> trl.GRPOTrainer:
    configuration = transformers.LlamaConfig(
        vocab_size=4, hidden_size=8, intermediate_size=8, num_hidden_layers=1, num_attention_heads=1
    )
    return trl.GRPOTrainer(
        model=transformers.LlamaForCausalLM(configuration),
        reward_funcs=lambda completions, **_: rewards[: len(completions)],
        args=trl.GRPOConfig(
            output_dir=folder,
            use_cpu=True,
            bf16=False,
            report_to=[],
            per_device_train_batch_size=len(rewards),
            gradient_accumulation_steps=1,
            num_generations=GROUP_SIZE,
            max_completion_length=LONGEST,
            disable_dropout=True,
            **options,
        ),
        train_dataset=datasets.Dataset.from_list([{"prompt": "a"}] * len(rewards)),
        processing_class=tokenizer(),
    )


def advantages(rewards: list[float], scaling: str, folder: str) -> list[float]:
    subject = trainer(rewards, folder, scale_rewards=scaling)
    tokens = [[2, 1] for _ in rewards]
    subject._generate = lambda prompts: (
        [[2] for _ in prompts], tokens, None, ["a"] * len(prompts), None, {}, None, None
    )
    subject.model.train()
    found = subject._generate_and_score_completions([{"prompt": "a"} for _ in rewards])
    return found["advantages"].double().tolist()


def loss(inputs: dict, loss_type: str, beta: float, clip: tuple[float, float], has_old: bool, folder: str) -> dict:
    subject = trainer([0.0] * len(LENGTHS), folder, loss_type=loss_type, epsilon=clip[0], epsilon_high=clip[1],
                      use_bias_correction_kl=False)
    subject.beta = beta  # only now: given at the start, it makes the trainer load a reference model from a hub
    logprobs = torch.tensor(inputs["policy"], requires_grad=True)
    mask = torch.tensor([[int(i < length) for i in range(max(LENGTHS))] for length in LENGTHS])
    subject._get_per_token_logps_and_entropies = lambda *_, **__: (logprobs, torch.zeros_like(logprobs), None)
    subject.model.train()
    subject.current_gradient_accumulation_steps = 1
    value = subject._compute_loss(
        subject.model,
        {
            "prompt_ids": torch.full((len(LENGTHS), 1), 2),
            "prompt_mask": torch.ones(len(LENGTHS), 1, dtype=torch.long),
            "completion_ids": torch.full(mask.shape, 2),
            "completion_mask": mask,
            "advantages": torch.tensor(inputs["advantages"]),
            "old_per_token_logps": torch.tensor(inputs["old"]) if has_old else None,
            "ref_per_token_logps": torch.tensor(inputs["reference"]),
            "num_items_in_batch": mask.sum().double(),
        },
    )
    value.backward()
    metrics = subject._metrics["train"]
    gradient = [row[:length] for row, length in zip(logprobs.grad.tolist(), LENGTHS)]
    return {
        "loss_type": loss_type,
        "kl_coefficient": beta,
        "clip_low": clip[0],
        "clip_high": clip[1],
        "has_old": has_old,
        "loss": value.item(),
        "gradient": gradient,
        "clipped_share": metrics["clip_ratio/region_mean"][-1],
        "divergence": metrics["kl"][-1] if beta else None,
    }


def main() -> None:
    torch.set_default_dtype(torch.float64)  # TRL's own buffers follow
    draw = random.Random(SEED)
    groups = [
        [0.25, 0.5, 0.75, 1.0],
        [1.0, 1.0, 1.0, 0.0],
        [draw.randrange(65) / 64 for _ in range(4)],
        [draw.randrange(65) / 64 for _ in range(4)],
        [0.5, 0.515625, 0.5, 0.5],
        [-3.0, 2.0, 0.0, 0.5],
    ]  # multiples of 1/64, because TRL rounds rewards to single precision
    rewards = [reward for group in groups for reward in group]
    inputs = {
        "policy": [[draw.uniform(-4, -0.05) for _ in range(max(LENGTHS))] for _ in LENGTHS],
        "advantages": [draw.uniform(-2, 2) for _ in LENGTHS],
    }
    for name, spread in (("old", 0.4), ("reference", 0.8)):
        inputs[name] = [[x + draw.uniform(-spread, spread) for x in row] for row in inputs["policy"]]
    with tempfile.TemporaryDirectory() as folder:
        golden = {
            "made_with": {"trl": trl.__version__, "torch": torch.__version__, "seed": SEED},
            "advantages": {
                "rewards": groups,
                "group": advantages(rewards, "group", folder),
                "batch": advantages(rewards, "batch", folder),
                "none": advantages(rewards, "none", folder),
            },
            "loss": {
                "lengths": LENGTHS,
                "max_completion_tokens": LONGEST,
                "inputs": {
                    name: [row[:length] for row, length in zip(rows, LENGTHS)] if name != "advantages" else rows
                    for name, rows in inputs.items()
                },
                "cases": [
                    loss(inputs, loss_type, beta, clip, has_old, folder)
                    for loss_type, beta, clip, has_old in itertools.product(
                        ["grpo", "bnpo", "dr_grpo", "dapo"], [0.0, 0.04], [(0.2, 0.2), (0.1, 0.28)], [True, False]
                    )
                ],
            },
        }
    golden_file.write("Tests/GRPOTests/Goldens/grpo.json", golden)


if __name__ == "__main__":
    main()
