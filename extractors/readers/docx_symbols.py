"""Glyphs of symbol fonts as the characters that a person sees.

Symbol fonts hold their glyphs in the private area U+F000 to U+F0FF (or below U+0100); what each is depends on the
font. Source: the Unicode mapping of Adobe's Symbol encoding, and Unicode's proposal L2/11-052 for Wingdings.
"""

from __future__ import annotations

from functools import lru_cache

#: Pairs of a code in the font (hex) and its character.
_SYMBOL = (
    "22∀ 24∃ 27∍ 2A∗ 2D− 40≅ 41Α 42Β 43Χ 44Δ 45Ε 46Φ 47Γ 48Η 49Ι 4BΚ 4CΛ 4DΜ 4EΝ 4FΟ 50Π 51Θ 52Ρ 53Σ 54Τ 55Υ 57Ω "
    "58Ξ 59Ψ 5AΖ 5C∴ 5E⊥ 61α 62β 63χ 64δ 65ε 66φ 67γ 68η 69ι 6Aϕ 6Bκ 6Cλ 6Dμ 6Eν 6Fο 70π 71θ 72ρ 73σ 74τ 75υ 77ω "
    "78ξ 79ψ 7Aζ 7E∼ A2′ A3≤ A4⁄ A5∞ A7♣ A8♦ A9♥ AA♠ AB↔ AC← AD↑ AE→ AF↓ B0° B1± B2″ B3≥ B4× B5∝ B6∂ B7• B8÷ B9≠ "
    "BA≡ BB≈ BC… C4⊗ C5⊕ C6∅ C7∩ C8∪ C9⊃ CA⊇ CC⊂ CD⊆ CE∈ CF∉ D0∠ D1∇ D5∏ D6√ D7⋅ D8¬ D9∧ DA∨ DB⇔ DC⇐ DE⇒ E5∑ F2∫"
)
_WINGDINGS = (
    "21✏ 22✂ 28☎ 29✆ 2A✉ 46☞ 4A☺ 50⚐ 6C● 6D❍ 6E■ 6F□ 70□ 71❑ 72❒ 73⬧ 74⧫ 75◆ 76❖ 77⬥ 9E· 9F• A0▪ A1○ A3◯ A4◉ A7▪ "
    "A8□ AA✦ AB★ AC✶ D8➢ DC➲ DF← E0→ E1↑ E2↓ E8➔ EF⇦ F0⇨ F1⇧ F2⇩ FB✗ FC✓ FD☒ FE☑"
)
_WINGDINGS_2 = "4F✗ 50✓ 51☒ 52☑ 53☒ 54☒ 97● 98● A2■ A3□"
#: First codes of runs of glyphs: negative and plain circled numbers.
_RUNS = {
    "wingdings": ((0x80, "⓪①②③④⑤⑥⑦⑧⑨⑩"), (0x8B, "⓿❶❷❸❹❺❻❼❽❾❿")),
    "wingdings 2": ((0x69, "⓪①②③④⑤⑥⑦⑧⑨⑩"), (0x74, "⓿❶❷❸❹❺❻❼❽❾❿")),
}
_PAIRS = {"symbol": _SYMBOL, "wingdings": _WINGDINGS, "wingdings 2": _WINGDINGS_2}


@lru_cache(maxsize=8)
def _table(font: str) -> dict[int, str]:
    table = {int(pair[:2], 16): pair[2] for pair in _PAIRS.get(font, "").split()}
    for first, glyphs in _RUNS.get(font, ()):
        table.update({first + i: glyph for i, glyph in enumerate(glyphs)})
    return table


def symbol(code: int, font: str, *, unknown: str) -> str:
    """The character that a code shows in a font.

    Args:
        code: a code point; symbol fonts answer to U+F0xx and to xx alike.
        font: the font's name.
        unknown: what to give for a glyph that isn't known.
    """
    name = font.strip().lower()
    private = 0xF000 <= code <= 0xF0FF
    if name in _PAIRS and (private or code < 0x100):
        low = code & 0xFF
        found = _table(name).get(low)
        if found:
            return found
        return chr(low) if name == "symbol" and 0x20 <= low < 0x7F else unknown
    if private:
        if name.startswith(("wingdings", "webdings")):
            return unknown
        low = code & 0xFF
        for table in ("symbol", "wingdings") if low >= 0x80 else ():
            if found := _table(table).get(low):
                return found
        return chr(low) if 0x20 <= low < 0x7F else unknown
    if 0xE000 <= code <= 0xF8FF or not 0 < code < 0x110000:
        return unknown
    return chr(code)


def symbols(text: str, font: str, *, unknown: str) -> str:
    """A text with the glyphs of its symbol font as characters; other text comes back as it is."""
    name = font.strip().lower()
    if not any("\uf000" <= char <= "\uf0ff" for char in text) and not (name in _PAIRS and len(text) == 1):
        return text
    return "".join(
        symbol(ord(char), font, unknown=unknown) if "\uf000" <= char <= "\uf0ff" or (name in _PAIRS and len(text) == 1)
        else char
        for char in text
    )  # fmt: skip
