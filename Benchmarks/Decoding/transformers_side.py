# SPDX-License-Identifier: Apache-2.0
"""transformers' side of Benchmarks/decode: one generate call for each line on standard input.

usage: transformers_side.py MODEL.gguf fp32|bf16 THREADS
A line is {"rows", "prompt", "tokens"}: how many rows, how long their prompts, how many new tokens; the answer is the
call's seconds as JSON.
"""
import json
import os
import sys
import time

os.environ["HF_HUB_OFFLINE"] = "1"

import torch
from transformers import AutoModelForCausalLM

model_path, precision, threads = sys.argv[1:4]
torch.set_num_threads(int(threads))
answers = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)  # libraries print to standard output; answers alone go there

folder, file = os.path.split(os.path.abspath(model_path))
dtype = torch.bfloat16 if precision == "bf16" else torch.float32
model = AutoModelForCausalLM.from_pretrained(folder, gguf_file=file, dtype=dtype).eval()

for line in sys.stdin:
    request = json.loads(line)
    # Eight rows share a prompt, as the samples of a group do.
    prompts = [[1000 + 7 * (row // 8) + place for place in range(request["prompt"])] for row in range(request["rows"])]
    ids = torch.tensor(prompts)
    start = time.perf_counter()
    with torch.inference_mode():
        model.generate(
            ids,
            attention_mask=torch.ones_like(ids),
            do_sample=True,
            temperature=1.0,
            top_k=0,
            max_new_tokens=request["tokens"],
            min_new_tokens=request["tokens"],
            pad_token_id=2,
        )
    answers.write(json.dumps({"seconds": time.perf_counter() - start}) + "\n")
    answers.flush()
