# SPDX-License-Identifier: Apache-2.0
"""TRL's side of Benchmarks/grpo-step: one GRPOTrainer step for each line on standard input.

usage: trl_side.py MODEL.gguf ROWS.jsonl fp32|bf16|bf16-weights THREADS
Answers each step with its seconds as JSON. The rewards are RaR-Explicit over the same rows, checked the same way.
"""
import json
import os
import re
import sys
import tempfile
import time

os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["TOKENIZERS_PARALLELISM"] = "false"

import torch
from datasets import Dataset
from transformers import AutoModelForCausalLM, AutoTokenizer, TrainerCallback
from trl import GRPOConfig, GRPOTrainer

model_path, rows_path, precision, threads = sys.argv[1:5]
torch.set_num_threads(int(threads))
answers = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)  # libraries print to standard output; answers alone go there

WEIGHTS = {"essential": 1.0, "important": 0.7, "optional": 0.3, "pitfall": 0.9}


def met(check, text):
    (name, value), = check.items()
    if name == "not":
        return not met(value, text)
    if name == "regex":
        return re.search(value, text) is not None
    return any(re.search(rf"\b{re.escape(term)}\b", text.casefold()) for term in value)


def reward(completions, criteria, **_):
    rewards = []
    for completion, items in zip(completions, criteria):
        text = completion[0]["content"]
        earned = total = 0.0
        for item in json.loads(items):
            weight = WEIGHTS[item["importance"]]
            total += weight
            earned += weight * (met(item["check"], text) == (item["polarity"] == "positive"))
        rewards.append(earned / total)
    return rewards


class OnDemand(TrainerCallback):
    """Starts a step when asked to and says how long it took."""

    def on_step_begin(self, *_, **__):
        if not sys.stdin.readline():
            os._exit(0)
        self.start = time.perf_counter()

    def on_step_end(self, *_, **__):
        answers.write(json.dumps({"seconds": time.perf_counter() - self.start}) + "\n")
        answers.flush()


rows = [json.loads(line) for line in open(rows_path)]
dataset = Dataset.from_list(
    [
        {"prompt": [{"role": "user", "content": row["prompt"]}], "criteria": json.dumps(row["criteria"])}
        for row in rows * 200
    ]
)
folder, file = os.path.split(os.path.abspath(model_path))
tokenizer = AutoTokenizer.from_pretrained(folder, gguf_file=file)
tokenizer.pad_token = tokenizer.pad_token or tokenizer.eos_token
dtype = torch.bfloat16 if precision == "bf16-weights" else torch.float32
stored = AutoModelForCausalLM.from_pretrained(folder, gguf_file=file, dtype=dtype)
# The weights are dequantised by now, but a model that came from GGUF counts as quantised and may not be trained.
settings = {key: value for key, value in stored.config.to_dict().items() if key != "quantization_config"}
model = AutoModelForCausalLM.from_config(type(stored.config)(**settings), dtype=dtype)
model.load_state_dict(stored.state_dict())
del stored
config = GRPOConfig(
    output_dir=tempfile.mkdtemp(),
    use_cpu=True,
    bf16=precision == "bf16",
    per_device_train_batch_size=32,
    gradient_accumulation_steps=1,
    num_generations=8,
    max_completion_length=64,
    generation_kwargs={"min_new_tokens": 64},
    temperature=1.0,
    beta=0.0,
    learning_rate=5e-5,
    lr_scheduler_type="constant",
    max_steps=200,
    gradient_checkpointing=False,
    loss_type="grpo",
    logging_strategy="no",
    save_strategy="no",
    report_to=[],
    disable_tqdm=True,
    shuffle_dataset=False,
    seed=1,
)
GRPOTrainer(
    model=model,
    reward_funcs=reward,
    args=config,
    train_dataset=dataset,
    processing_class=tokenizer,
    callbacks=[OnDemand()],
).train()
