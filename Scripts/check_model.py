# SPDX-License-Identifier: Apache-2.0
"""Saved policies in transformers: they load, tokenise alike, continue prompts alike, and give the logits of their source.

usage: check_model.py TRAINED_DIRECTORY UNMOVED_DIRECTORY SOURCE.gguf RUBRICS_EXECUTABLE
Greedy completions of the trained policy in f32 must be equal to `rubrics generate --dtype f32 --temperature 0`; logits of
a policy saved without a weight moved must be those of the GGUF file that it was read from, which transformers dequantises
itself.
"""
import pathlib
import subprocess
import sys

import torch
import transformers
from transformers import AutoModelForCausalLM, AutoTokenizer

PROMPTS = ["Why is the sky blue?", "What should I do about a small burn?", "Name three metals."]
TOKENS = 24


def load(directory, **options):
    return AutoModelForCausalLM.from_pretrained(directory, dtype=torch.float32, **options).eval()


def encoded(tokenizer, prompt):
    turn = [{"role": "user", "content": prompt}]
    return tokenizer.apply_chat_template(turn, add_generation_prompt=True, return_tensors="pt", return_dict=True)


def completions_differ(directory, rubrics):
    """Prompts that the policy continues differently in transformers."""
    tokenizer, model = AutoTokenizer.from_pretrained(directory), load(directory)
    for prompt in PROMPTS:
        ids = encoded(tokenizer, prompt)
        with torch.no_grad():
            found = model.generate(**ids, max_new_tokens=TOKENS, do_sample=False, temperature=None, top_p=None)
        theirs = tokenizer.decode(found[0, ids["input_ids"].shape[1] :], skip_special_tokens=True)
        options = ["--model", directory, "--prompt", prompt, "--dtype", "f32", "--temperature", "0"]
        command = [rubrics, "generate", *options, "--max-tokens", str(TOKENS)]
        ours = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        if ours.rstrip("\n") != theirs.rstrip("\n"):
            yield f"{prompt!r}:\n  ours         {ours!r}\n  transformers {theirs!r}"


def largest_logit_difference(directory, source):
    """Between a saved policy and the file that it was read from, both in transformers."""
    path = pathlib.Path(source).resolve()
    tokenizer = AutoTokenizer.from_pretrained(directory)
    saved, original = load(directory), load(path.parent, gguf_file=path.name)
    with torch.no_grad():
        pairs = [(saved(**ids).logits, original(**ids).logits) for ids in (encoded(tokenizer, p) for p in PROMPTS)]
    return max((a - b).abs().max().item() for a, b in pairs)


def main(trained, unmoved, source, rubrics):
    problems = list(completions_differ(trained, rubrics))
    difference = largest_logit_difference(unmoved, source)
    if not difference <= 1e-4:
        problems.append(f"logits of {unmoved} and {source} differ by {difference}")
    for problem in problems:
        print(problem)
    print(f"transformers {transformers.__version__}: largest logit difference {difference:.1e}")
    print(f"{len(PROMPTS) + 1 - len(problems)} passed, {len(problems)} failed")
    return 1 if problems else 0


if __name__ == "__main__":
    if len(sys.argv) != 5:
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
