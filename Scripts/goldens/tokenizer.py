#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Golden values for tokenizers, chat templates and weight formats, from the Python packages of the field.

    python Scripts/goldens/tokenizer.py SmolLM2-135M-Instruct.gguf     write Tests/PoliciesTests/Goldens/
    python Scripts/goldens/tokenizer.py --check DIR                    does transformers read a saved DIR as we do?

Needs tokenizers, transformers, gguf, numpy and trl (for the texts of Qwen's chat templates).
"""

import json
import pathlib
import struct
import sys
import unicodedata

import gguf
import numpy
import tokenizers
import transformers
from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

GOLDENS = pathlib.Path(__file__).resolve().parents[2] / "Tests" / "PoliciesTests" / "Goldens"
QWEN2 = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)

# One nasty text each.
TEXTS = [
    "", " ", "  ", "\n", "\r\n", "\t", "\u00a0", "a", " a", "a ", "  a  b  ", "Hello, world!", "hello  world",
    "I'm you're he's we've I'll she'd don't", "I'M YOU'RE HE'S WE'VE I'LL SHE'D DON'T", "'s 't 'tis ''s '' 'S", "it\u017fs '\u017f x'\u017fy",
    "rock'n'roll 'round o'clock \u2019s don\u2019t", "\n\n\nparagraph\n\n  indented\n\tTabbed\n", "a\r\nb\r\n\r\nc\rd", " \n \n x", "x \n", "x  \n  y", "\t\tif x:\n\t\t\treturn  1",
    "trailing   ", "   leading", "mixed \t \u3000 \u2009spaces\u200b zero", "line\u2028sep\u2029par\u0085nel\x0bvt\x0cff", "1234567890", "3.14159 1,000,000 1e-5 0x1F 12:30", "a1b2c3", "x2 y3 \u00b2\u00b3 \u00bd \u2167 \u0664\u0665 \u0967\u0968 \uff11\uff12",
    "for (int i = 0; i < n; ++i) { a[i] += b[i] * 2.0f; }", "def f(x):\n    return x**2  # squared\n", "SELECT * FROM t WHERE a >= 10 AND b != 'x';", "https://example.org/a/b?c=d&e=%20f#g", "$\\frac{a}{b} \\leq \\sum_{i=1}^{n} x_i^2$", "<html lang=\"en\">&amp;</html>", "{\"k\": [1, 2, null], \"\\u00e9\": \"\\n\"}",
    "caf\u00e9 cafe\u0301 na\u00efve \u00c5 A\u030a \u212b", "e\u0301\u0327 e\u0327\u0301 o\u0302\u0323", "\u1e9b\u0323 \ufb01 \uff21", "Z\u0351\u036b\u0343a\u0363\u0326l\u0337g\u0321o\u0322", "\u0301leading mark", "x<\u0338/response> >\u0338 =\u0338", "\u0958 \u0915\u093c \u09dc \u09a1\u09bc", "\u1100\u1161\u11a8 \uac01 \ud55c\uad6d\uc5b4 \u1112\u1161\u11ab",
    "\U0001f600\U0001f44d\U0001f3fd \U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466 \U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f", "\U0001f1e9\U0001f1ea\U0001f1eb\U0001f1f7 \u2764\ufe0f \u0031\ufe0f\u20e3 #\ufe0f\u20e3", "text\U0001f600text \U0001f600\U0001f600\U0001f600", "\u4f60\u597d\uff0c\u4e16\u754c\uff01\u4eca\u5929\u662f2024\u5e74", "\u65e5\u672c\u8a9e\u306e\u30c6\u30ad\u30b9\u30c8\u3002\u30ab\u30bf\u30ab\u30ca", "\u0e20\u0e32\u0e29\u0e32\u0e44\u0e17\u0e22 \u0e44\u0e21\u0e48", "\u0645\u0631\u062d\u0628\u0627 \u0628\u0627\u0644\u0639\u0627\u0644\u0645 \u05e9\u05b8\u05c1\u05dc\u05d5\u05b9\u05dd", "\u202bRTL\u202c \u200fmark\u200e \u2066iso\u2069", "\u041f\u0440\u0438\u0432\u0435\u0442, \u043c\u0438\u0440! \u0391\u03b2\u03b3\u03b4 \u0130i\u0131I \u00df\u1e9e",
    "\ufffd\ufffd \ufffe \uffff \U0010ffff \ue000 \ufeffbom", "\x00\x01\x02\x04\x06\x1b[0m\x7f\x80\x9f", "nul\x00inside \x04gone\x06 here\x13\x14", "\u00ad soft\u00adhyphen \u180e mongolian", "\U0001d400\U0001d7d8 \U00010330 \U0001f130", "\U00011f04\U0001e030 \U00010d50 \U00011bc0 new", "\U00010f46 \u0f87\u1abf\u0598\u08fe marks", "A\u0827\u073e\u0325 \U0001e008\u0323\u031d",
    "<|im_start|>user\nHi<|im_end|>\n", "<|endoftext|><|endoftext|>", "<|im_end| ><|im_end|", "<|im_end|>\u0338", " <|im_start|> spaced <|im_end|> ", "<|IM_START|>", "a<tool_call>b</tool_call>c", "\u00dcnorm U\u0308norm x\u00dcnormy", "_____ ----- ===== ***** ##### .....", "!!!???...;;;\u2026\u2014\u2013\u00ab\u00bb", "a.b.c e.g. i.e. U.S.A.", "CamelCaseWord snake_case_word kebab-case-word", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    "The patient has a fever of 38.5 \u00b0C and should drink 2\u20133 litres of water a day.", "Sepsis is life-threatening: call 112 (or 911) at once!\n\n1. Airway\n2. Breathing\n3. Circulation\n", "\u03bcg/kg \u2265 5 \u00b1 0.1 mmol/L\u207b\u00b9 H\u2082O CO\u2082 \u0394G\u00b0", "antidisestablishmentarianism pneumonoultramicroscopicsilicovolcanoconiosis",
]

# Joined at random into longer texts.
PIECES = [
    " ", "  ", "   ", "\n", "\n\n", "\r\n", "\r", "\t", "\u00a0", "\u3000", "'", "'s", "'S", "'ll", "'RE", "'\u017f", "\u2019t", "the", " the", " a", "Th", "ing", " water", "fever", "\u00e9", "e\u0301", "\u0301", "\u0323",
    "\u00dcber", "1", "22", " 3", "\u00b2", "\u0663", "\u2167", ".", ",", "!", "?", "...", " -", "--", "(", ")", "[", "]", "{", "}", "\"", "=", "==", " +=", "/", "\\", "<", ">", "|", "_", "*", "#", "@", "\u4f60\u597d", "\u3002", "\u65e5\u672c",
    "\U0001f600", "\U0001f44d\U0001f3fd", "\u200d", "\ufe0f", "\u05e9\u05b8", "\u0645\u0631", "\u0e44\u0e17\u0e22", "\uac01", "\u1100\u1161", "\u11a8", "\x00", "\x04", "\u2028", "\u0085", "\ufeff", "\ufffd", "\U0001d400", "<|im_start|>", "<|im_end|>", "<|endoftext|>", "<tool_call>", "U\u0308norm",
    "def ", "return", "    ", "x", "Z", "\u0391", "\u0436", "\u0928", "\u093c", "\u0915", "\u1e9b", "\u212b", "\u0130",
]

# Prose for a megabyte.
SENTENCES = [
    "The heart pumps about five litres of blood a minute.", " Drink plenty of water, and rest for 24 hours!", "\n\nIf the pain doesn't go away, call a doctor;", " it's better to be safe than sorry.\n",
    " Photosynthesis turns CO\u2082 and H\u2082O into C\u2086H\u2081\u2082O\u2086.", "\n1. Wash your hands.\n2. Keep 1.5 m apart.\n", "\tdef area(radius):\n\t\treturn 3.14159 * radius ** 2\n", " Na\u00efve caf\u00e9s in Z\u00fcrich and \u014csaka serve cre\u0300me bru\u0302le\u0301e.", " \u6c34\u662f\u751f\u547d\u4e4b\u6e90\u3002", " \u041a\u0440\u043e\u0432\u044c \u0442\u0435\u0447\u0451\u0442.", " \U0001f600\U0001f44d\U0001f3fd", "  ",
    " Antibiotics do not help against viruses (such as influenza A/H1N1).", " \u0627\u0644\u0645\u0627\u0621 \u062d\u064a\u0627\u0629.", " temperature=0.7, top_p=0.95;",
]


class SplitMix64:
    """Steele, Lea & Flood 2014; the same as Sources/Rubrics/SplitMix64.swift."""

    def __init__(self, seed):
        self.state = seed

    def next(self):
        mask = 2**64 - 1
        self.state = (self.state + 0x9E3779B97F4A7C15) & mask
        mixed = self.state
        mixed = ((mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9) & mask
        mixed = ((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB) & mask
        return mixed ^ (mixed >> 31)


def random_text(seed):
    random = SplitMix64(seed)
    return "".join(PIECES[random.next() % len(PIECES)] for _ in range(1 + random.next() % 60))


def megabyte():
    random, parts, size = SplitMix64(2024), [], 0
    while size < 1_000_000:
        part = SENTENCES[random.next() % len(SENTENCES)]
        parts.append(part + str(random.next() % 1000))
        size += len(parts[-1].encode())
    return "".join(parts)


def fnv(data):
    value = 0xCBF29CE484222325
    for byte in data:
        value = ((value ^ byte) * 0x100000001B3) & (2**64 - 1)
    return f"{value:016x}"


def hash_ids(ids):
    return fnv(struct.pack(f"<{len(ids)}i", *ids))


def write(name, value, indent=None):
    text = json.dumps(value, ensure_ascii=True, indent=indent, separators=(",", ": " if indent else ":"))
    GOLDENS.mkdir(parents=True, exist_ok=True)
    (GOLDENS / name).write_text(text + "\n")
    print(f"{name}: {len(text)} bytes")


# --- Tokenizers ---------------------------------------------------------------------------------------------------


def byte_level(use_regex):
    return pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=use_regex)


PRE_TOKENIZERS = {
    "gpt2": lambda: byte_level(True),
    "smollm": lambda: pre_tokenizers.Sequence([pre_tokenizers.Digits(individual_digits=True), byte_level(True)]),
    "qwen2": lambda: pre_tokenizers.Sequence([pre_tokenizers.Split(Regex(QWEN2), "isolated"), byte_level(False)]),
}


def small_tokenizer(kind):
    """A vocabulary of our own over the corpus, with the real pre-tokeniser and normaliser."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = PRE_TOKENIZERS[kind]()
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.post_processor = processors.ByteLevel(trim_offsets=False)
    if kind == "qwen2":
        tokenizer.normalizer = normalizers.NFC()
    # SmolLM2's own vocabulary lacks bytes, so this one does, too.
    alphabet = [] if kind == "smollm" else pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(vocab_size=900, min_frequency=2, initial_alphabet=alphabet, show_progress=False)
    corpus = [text for text in TEXTS if "<|" not in text and not (kind == "smollm" and "\x04" in text)]
    tokenizer.train_from_iterator(corpus * 2 + SENTENCES * 4, trainer)
    special = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]
    tokenizer.add_special_tokens([AddedToken(text, special=True, normalized=False) for text in special])
    tokenizer.add_tokens([AddedToken("<tool_call>", normalized=False), AddedToken("\u00dcnorm", normalized=True)])
    return tokenizer


def smollm2(reader):
    """SmolLM2's tokenizer: the GGUF's vocabulary with the pre-tokeniser of its published tokenizer.json."""
    tokens = strings(reader, "tokenizer.ggml.tokens")
    merges = [tuple(text.split(" ")) for text in strings(reader, "tokenizer.ggml.merges")]
    types = reader.fields["tokenizer.ggml.token_type"].contents()
    tokenizer = Tokenizer(models.BPE(vocab={token: id for id, token in enumerate(tokens)}, merges=merges))
    tokenizer.pre_tokenizer = PRE_TOKENIZERS["smollm"]()
    tokenizer.decoder = decoders.ByteLevel()
    control = [AddedToken(token, special=True, normalized=False) for token, type in zip(tokens, types) if type == 3]
    tokenizer.add_special_tokens(control)
    return tokenizer


def strings(reader, key):
    return reader.fields[key].contents()


def encodings(tokenizer):
    def ids(text):
        return tokenizer.encode(text, add_special_tokens=False).ids

    big = ids(megabyte())
    return {
        "ids": [ids(text) for text in TEXTS],
        # tokenizers reads an added token beyond ASCII through the byte alphabet, which garbles it; we do not.
        "decoded": [
            None if "\u00dcnorm" in text else tokenizer.decode(ids(text), skip_special_tokens=False) for text in TEXTS
        ],
        "random": [hash_ids(ids(random_text(seed))) for seed in range(200)],
        "megabyte": {"count": len(big), "hash": hash_ids(big)},
    }


def scalar_kinds():
    """Every scalar as the regular expressions and Digits see it, one letter each, hashed in blocks of 4096."""

    def removed(pattern):
        split = pre_tokenizers.Split(Regex(pattern), "removed")
        found = set()
        for base in range(0, 0x110000, 4096):
            block = "".join(chr(scalar) for scalar in range(base, base + 4096) if not 0xD800 <= scalar < 0xE000)
            found |= set(block) - {scalar for piece, _ in split.pre_tokenize_str(block) for scalar in piece}
        return found

    letters, numbers, spaces = removed(r"\p{L}"), removed(r"\p{N}"), removed(r"\s")

    def kind(scalar):
        text = chr(scalar)
        return "L" if text in letters else "N" if text in numbers else "S" if text in spaces else "O"

    kinds = "".join("O" if 0xD800 <= scalar < 0xE000 else kind(scalar) for scalar in range(0x110000))
    return [fnv(kinds[base : base + 4096].encode()) for base in range(0, 0x110000, 4096)]


# --- Chat templates -----------------------------------------------------------------------------------------------

CONVERSATIONS = [
    [("user", "Why is the sky blue?")],
    [("system", "Be brief."), ("user", "Hi")],
    [("system", ""), ("user", "  leading and trailing \n")],
    [("user", "1"), ("assistant", "one"), ("user", "2")],
    [("user", "1"), ("assistant", "<think>\nhm\n</think>\n\none"), ("user", "2")],
    [("user", "1"), ("assistant", "<think>\nhm\n</think>\n\none")],
    [("user", "1"), ("assistant", "one"), ("assistant", "\nmore</think>\n\n")],
    [("user", "a\r\nb"), ("system", "Now in French."), ("user", "\n\n")],
    [("user", "q"), ("assistant", ""), ("user", "<tool_response>\nx\n</tool_response>"), ("assistant", "done\n")],
    [("assistant", "unasked")],
]


def templates(smollm2_template):
    folder = pathlib.Path(__import__("trl").__file__).parent / "chat_templates"
    chatml = (
        "{% for message in messages %}{{'<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>' + '\n'}}"
        "{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}"
    )
    named = {
        "smollm2": smollm2_template,
        "chatml": chatml,
        "chatml_defined": "{% if not add_generation_prompt is defined %}{% set add_generation_prompt = false %}{% endif %}" + chatml,
        "qwen2": smollm2_template.replace(
            "You are a helpful AI assistant named SmolLM, trained by Hugging Face", "You are a helpful assistant."
        ),
        "qwen2_5": (folder / "qwen2_5.jinja").read_text(),
        "qwen3": (folder / "qwen3.jinja").read_text(),
        "qwen3_instruct_2507": (folder / "qwen3_instruct_2507.jinja").read_text(),
    }
    refused = ["llama3", "phi3", "deepseek_r1_distill", "qwen3_6", "qwen3_training"]
    return {
        "conversations": [[{"role": role, "content": text} for role, text in turns] for turns in CONVERSATIONS],
        "known": {name: rendered(text) for name, text in named.items()},
        "refused": {name: (folder / f"{name}.jinja").read_text() for name in refused},
    }


def rendered(template):
    from transformers.utils.chat_template_utils import render_jinja_template

    def texts(prompt, **options):
        messages = [[{"role": role, "content": text} for role, text in turns] for turns in CONVERSATIONS]
        return [
            render_jinja_template([turns], chat_template=template, add_generation_prompt=prompt, **options)[0][0]
            for turns in messages
        ]

    return {
        "template": template,
        "prompt": texts(True),
        "closed": texts(False),
        "prompt_without_thinking": texts(True, enable_thinking=False),
    }


# --- Weights ------------------------------------------------------------------------------------------------------


def weights(reader):
    """Blocks of each quantisation from a formula, as gguf dequantises them, and hashes of the model's own tensors."""
    kinds = {"Q8_0": 34, "Q4_0": 18, "Q4_1": 20, "F16": 2, "BF16": 2}
    random = SplitMix64(7)
    blocks = {}
    for name, size in kinds.items():
        raw = bytearray(random.next() & 0xFF for _ in range(size * 8))
        for start in range(0, len(raw), size):  # keep the numbers finite
            raw[start + 1] &= 0xBF
            if name == "Q4_1":
                raw[start + 3] &= 0xBF
        data = numpy.frombuffer(bytes(raw), dtype=numpy.uint8)
        type = gguf.GGMLQuantizationType[name]
        floats = gguf.quants.dequantize(data.view(numpy.float16) if name == "F16" else data, type)
        floats = floats.astype(numpy.float32).reshape(-1) + numpy.float32(0)  # no -0
        blocks[name] = {"bytes": bytes(raw).hex(), "floats": [f"{bits:08x}" for bits in floats.view(numpy.uint32)]}
    names, tensors = huggingface_names(), {}
    for tensor in reader.tensors:
        if tensor.name.startswith("blk.") and not tensor.name.startswith(("blk.0.", "blk.29.")):
            continue
        floats = gguf.quants.dequantize(tensor.data, tensor.tensor_type).astype(numpy.float32)
        if tensor.name.endswith(("attn_q.weight", "attn_k.weight")):
            floats = unpermuted(floats, 64)
        tensors[names[tensor.name]] = {"shape": list(floats.shape), "sums": sums(floats)}
    return {"blocks": blocks, "smollm2": tensors}


def sums(floats):
    """Two sums that any changed or moved element changes, added one after the other in double precision."""
    values = floats.astype(numpy.float64).reshape(-1)
    places = numpy.arange(values.size) % 1021
    return [float(numpy.cumsum(values * values)[-1]), float(numpy.cumsum(values * places)[-1])]


def unpermuted(floats, head):
    """The inverse of LlamaModel.permute in llama.cpp's convert_hf_to_gguf.py."""
    rows, columns = floats.shape
    return floats.reshape(rows // head, head // 2, 2, columns).swapaxes(1, 2).reshape(rows, columns)


def huggingface_names():
    """GGUF names to Hugging Face names, by gguf's own table and the names of a transformers model."""
    config = transformers.LlamaConfig(hidden_size=64, num_hidden_layers=30, num_attention_heads=1, vocab_size=8)
    table = gguf.get_tensor_name_map(gguf.MODEL_ARCH.LLAMA, 30)
    names = transformers.LlamaForCausalLM(config).state_dict()
    return {table.get_name(name, try_suffixes=(".weight", ".bias")): name for name in names}


# --- Main ---------------------------------------------------------------------------------------------------------


def check(folder):
    """Does AutoTokenizer, on a directory that our writer made, give the ids of the goldens?"""
    golden = json.loads((GOLDENS / "tokenizers.json").read_text())
    tokenizer = transformers.AutoTokenizer.from_pretrained(folder)
    texts = golden["texts"]
    kinds = [kind for kind, value in golden["tokenizers"].items() if value["ids"] == [tokenizer(text)["input_ids"] for text in texts]]
    print(f"{folder}: {type(tokenizer).__name__} of transformers {transformers.__version__} encodes as {kinds or 'none of the goldens'}")
    big = tokenizer(megabyte())["input_ids"]
    ok = bool(kinds) and hash_ids(big) == golden["tokenizers"][kinds[0]]["megabyte"]["hash"]
    print(f"{folder}: a megabyte of text {'agrees' if ok else 'DIFFERS'}")
    if tokenizer.chat_template:
        print(tokenizer.apply_chat_template([{"role": "user", "content": "Hi"}], tokenize=False, add_generation_prompt=True))
    print(f"bos {tokenizer.bos_token!r} eos {tokenizer.eos_token!r} pad {tokenizer.pad_token!r}")
    return 0 if ok else 1


def main(arguments):
    if arguments[:1] == ["--check"]:
        return check(arguments[1])
    reader = gguf.GGUFReader(arguments[0])
    made = {}
    for kind in PRE_TOKENIZERS:
        tokenizer = small_tokenizer(kind)
        made[kind] = encodings(tokenizer)
        (GOLDENS / kind).mkdir(parents=True, exist_ok=True)
        (GOLDENS / kind / "tokenizer.json").write_text(json.dumps(json.loads(tokenizer.to_str()), separators=(",", ":")) + "\n")
    made["smollm2"] = encodings(smollm2(reader))
    write(
        "tokenizers.json",
        {
            "made_by": "Scripts/goldens/tokenizer.py",
            "versions": {
                "tokenizers": tokenizers.__version__,
                "transformers": transformers.__version__,
                "unicodedata": unicodedata.unidata_version,
            },
            "texts": TEXTS,
            "pieces": PIECES,
            "sentences": SENTENCES,
            "scalar_kinds": scalar_kinds(),
            "tokenizers": made,
        },
    )
    write("chat-templates.json", {"transformers": transformers.__version__, **templates(strings(reader, "tokenizer.chat_template"))})
    write("weights.json", {"gguf": getattr(gguf, "__version__", "0.19.0"), **weights(reader)})
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
