# SPDX-License-Identifier: Apache-2.0
"""A saved policy in transformers: it loads, tokenises alike, and continues prompts alike.

usage: check_model.py POLICY_DIRECTORY RUBRICS_EXECUTABLE
Greedy completions in f32 must be equal to `rubrics generate --dtype f32 --temperature 0`.
"""
import subprocess
import sys

import torch
import transformers
from transformers import AutoModelForCausalLM, AutoTokenizer

PROMPTS = ["Why is the sky blue?", "What should I do about a small burn?", "Name three metals."]
TOKENS = 24

directory, rubrics = sys.argv[1:3]
tokenizer = AutoTokenizer.from_pretrained(directory)
model = AutoModelForCausalLM.from_pretrained(directory, dtype=torch.float32).eval()
failures = 0
for prompt in PROMPTS:
    ids = tokenizer.apply_chat_template(
        [{"role": "user", "content": prompt}], add_generation_prompt=True, return_tensors="pt", return_dict=True
    )
    with torch.no_grad():
        found = model.generate(**ids, max_new_tokens=TOKENS, do_sample=False, temperature=None, top_p=None)
    expected = tokenizer.decode(found[0, ids["input_ids"].shape[1] :], skip_special_tokens=True)
    command = [rubrics, "generate", "--model", directory, "--prompt", prompt, "--dtype", "f32", "--temperature", "0"]
    ours = subprocess.run([*command, "--max-tokens", str(TOKENS)], capture_output=True, text=True, check=True).stdout
    if ours.rstrip("\n") != expected.rstrip("\n"):
        failures += 1
        print(f"{prompt!r}:\n  ours         {ours!r}\n  transformers {expected!r}")
print(f"transformers {transformers.__version__}: {len(PROMPTS) - failures} passed, {failures} failed")
sys.exit(failures > 0)
