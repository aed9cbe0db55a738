# SPDX-License-Identifier: Apache-2.0
"""Damage of texts, found the way our repairs find it."""
import re

MOJIBAKE = re.compile("[\xc2\xc3\xce\xcf\xe2\xf0]")
RESTS = {
    "\a": ("lpha", "pprox", "ngle", "st", "rc"),
    "\b": ("eta", "ar{", "oxed{", "egin{", "oldsymbol", "inom", "ullet", "ig"),
    "\t": ("heta", "imes", "ext{", "extbf{", "ilde{", "riangle", "frac{", "herefore"),
    "\v": ("ec{", "ec ", "arepsilon", "arphi", "ert"),
    "\f": ("rac{", "rac1", "rac ", "orall"),
    "\r": ("ho", "ight", "angle", "m{", "ceil", "floor"),
    "\n": ("abla",),
}
LETTERS = {"\a": "a", "\b": "b", "\t": "t", "\v": "v", "\f": "f", "\r": "r", "\n": "n"}
IN_FORMULA = {"\n": re.compile(r"(u|eq|otin|eg)(?![A-Za-z])"), "\t": re.compile(r"(au|an|o)(?![A-Za-z])")}
CONTROL = re.compile(r"[\x07-\x0d]")
COMMANDS = """frac sqrt text mathrm mathbf mathcal mathbb boxed left right cdot times langle rangle psi phi alpha beta
gamma delta theta lambda sigma omega hbar partial nabla infty int sum prod lim sin cos tan log exp vec hat bar tilde overline
begin end quad approx leq geq neq equiv sim propto rightarrow circ epsilon varepsilon varphi Delta Omega Gamma Psi Phi
Lambda Sigma dagger otimes oplus rho tau ldots cdots"""
DOUBLED = re.compile(r"(?<!\\)\\\\(" + "|".join(COMMANDS.split()) + r")(?![A-Za-z])")
HIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u2060\ufeff\u202a-\u202e\u2066-\u2069]")
LENGTHS = {"\xc2": 2, "\xc3": 2, "\xce": 2, "\xcf": 2, "\xe2": 3, "\xf0": 4}


def windows(character):
    """The byte that stands for a character in Windows-1252 or Latin-1, from 0x80 on."""
    if 0x80 <= ord(character) <= 0xFF:
        return bytes([ord(character)])
    try:
        return character.encode("cp1252")
    except UnicodeEncodeError:
        return b""


def has_mojibake(text):
    for match in MOJIBAKE.finditer(text):
        length = LENGTHS[match[0]]
        encoded = b"".join(map(windows, text[match.start() : match.start() + length]))
        if len(encoded) == length and min(encoded) >= 0x80 and (length > 2 or encoded[-1] != 0xBB):
            try:
                if len(encoded.decode("utf-8")) == 1:
                    return True
            except UnicodeDecodeError:
                pass
    return False


def restored(text):
    result, formula, last = [], False, 0
    for match in re.finditer(r"[\x07-\x0d$]", text):
        start, character = match.start(), match[0]
        if character == "$":
            formula ^= start == 0 or text[start - 1] != "\\"
            continue
        rest = text[start + 1 : start + 12]
        likely = formula and character in IN_FORMULA and IN_FORMULA[character].match(rest)
        if rest.startswith(RESTS[character]) or likely:
            result += [text[last:start], "\\", LETTERS[character]]
            last = start + 1
    return "".join([*result, text[last:]]) if result else text
