"""Varied lines of text, the same for the same seed: what a tokenizer can get wrong."""

import random
import unicodedata

SENTENCES = """
The quick brown fox jumps over the lazy dog, doesn't it? I'VE SEEN IT'S; we'll see they'd've gone.
Ünïcödé is für alle da: Straße, Größe, ÆØÅ, naïve café déjà-vu, İstanbul ıslak ŞİŞE.
Съешь же ещё этих мягких французских булок, да выпей чаю. Їжак ґанок.
Ξεσκεπάζω την ψυχοφθόρα βδελυγμία. Ὦ ἄνδρες Ἀθηναῖοι
我想在apple工作1314151天～ 天地玄黃，宇宙洪荒。日月盈昃，辰宿列張
いろはにほへと ちりぬるを カタカナ ﾊﾝｶｸ 漢字かな交じり文。
다람쥐 헌 쳇바퀴에 타고파 한국어 띄어쓰기
نص حكيم له سر قاطع وذو شأن عظيم مكتوب ١٢٣٤٥ ۱۲۳
דג סקרן שט בים מאוכזב ולפתע מצא חברה
ऋषियों को सताने वाले दुष्ट राक्षसों के राजा रावण १२३४
เป็นมนุษย์สุดประเสริฐเลิศคุณค่า กว่าบรรดาฝูงสัตว์เดรัจฉาน ๑๒๓
កាន់តែពិសេសអាច សួស្តី ១២៣ မြန်မာဘာသာ ၁၂၃ বাংলা ১২৩ தமிழ் తెలుగు ಕನ್ನಡ
Tiếng Việt có dấu: Người Việt Nam đọc được; Čeština žluťoučký kůň úpěl ďábelské ódy
ქართული ენა Հայերեն አማርኛ ᏣᎳᎩ ᓀᐦᐃᔭᐍᐏᐣ
""".strip().split("\n")

CODE = """
def f(x: int) -> str:\n    return f"{x:>08.3f}"  # note\n
public static void main(String[] args) { for (int i = 0; i < 10; ++i) { a[i] += 0x1F & ~mask; } }
SELECT COUNT(*) FROM t WHERE a='it''s' AND b<>3;--x
\t\tif (a && b || !c) {\n\t\t\treturn a->b.c(d, e)[0];\n\t\t}\n
{"name": "get_weather", "arguments": {"city": "Paris", "days": 3, "units": null, "ok": true}}
<div class="a b" id='x'>&nbsp;&#x27;</div><!-- c -->
https://example.org/a/b?q=1&r=%20#frag user@example.org C:\\Users\\x\\y.txt ../../z
$ grep -rn "foo" . | awk '{print $1}' | sort -u > out.txt 2>&1
\\frac{1}{2} \\sum_{i=0}^{n} x_i^2 \\leq \\infty
@Override\n    public int hashCode() {\n        return 31 * a + b;\n    }\n
""".strip("\n").split("\n")

SPACES = [" ", "  ", "   ", "    ", "\t", "\t\t", " \t ", "\n", "\n\n", "\n \n", "\r\n", "\r", "\r\r\n", "\u00a0", "\u3000",
          "\u2009", "\u200b", "\u2028", "\u2029", "\u0085", "\x0b", "\x0c", "\u1680", "\ufeff", " " * 17, "\n" * 9]
NUMBERS = ["0", "7", "42", "123", "2024", "31415", "999999", "1234567890", "3.14", "1,000,000", "-5", "1e-9", "0x1F", "½",
           "x²", "H₂O", "Ⅷ", "③", "٣٤٥", "१२३", "๑๒", "一二三", "１２３", "𝟘𝟙𝟚", "\U00010107", "1st", "v2.0.1", "12:30", "50%",
           "+49 30 123456"]
EMOJI = ["🚀", "😀", "👍🏽", "👨‍👩‍👧‍👦", "😶‍🌫️", "🏳️‍🌈", "🇩🇪", "🇩🇪🇫🇷", "❤️", "❤", "1️⃣", "🧑🏿‍🚀", "🦙🦙", "\U0001faf8", "☕️", "✅", "🏴󠁧󠁢󠁥󠁮󠁧󠁿"]
MARKS = ["e\u0301", "é", "n\u0303o", "A\u030a", "Å", "\u212b", "\u1100\u1161\u11a8", "각", "Z\u0351\u036b\u0343\u036a\u0302", "\u0301",
         " \u0301", "\u0e01\u0e33", "\u0915\u094d\u0937", "\u05e9\u05c1", "ﬁ", "ǆ", "\u0344", "\uac00\u11a8", "s\u0323\u0307"]
CONTROLS = ["\x00", "\x01", "\x07", "\x08", "\x1b[31m", "\x7f", "\x80", "\x9f", "\u200d", "\u200e", "\u202e", "\u2066", "\ufffd",
            "\ufffe", "\uffff", "\ue000", "\U000f0000", "\U0010ffff", "\u00ad"]
PUNCTUATION = ["'s", "'S", "'t", "'re", "'RE", "'ve", "'m", "'M", "'ll", "'LL", "'d", "''", "\"", "...", "!!!", "?!", "—", "–", "…",
               "(", ")", "[[", "]]", "{{", "}}", "{%", "%}", "--", "==", "!=", "=>", "->", "::", "//", "/*", "*/", "~", "`", "```",
               "「", "」", "。", "、", "«", "»", "¿", "•", "€", "$", "£", "#", "@", "_", "__", "ſ", "'ſ", "’s"]
WORDS = ["the", "Hello", "world", "WORLD", "camelCase", "snake_case", "I", "a", "don", "ing", "antidisestablishmentarianism",
         "x", "zzzzzz", "naïve", "мир", "世界", "こんにちは", "안녕", "سلام", "שלום", "नमस्ते", "Łódź", "ß", "ẞ", "ʻokina", "ªº"]


def piece(rng, specials):
    kind = rng.randrange(12)
    if kind == 0:
        return chr(rng.choice([rng.randrange(0x20, 0x250), rng.randrange(0x250, 0x3100), rng.randrange(0x3100, 0xD800),
                               rng.randrange(0xE000, 0x10000), rng.randrange(0x1F000, 0x1FB00), rng.randrange(0x10000, 0x30000)]))
    if kind == 1 and rng.random() < 0.4:
        special = rng.choice(specials)
        return rng.choice([special, special, special, special[:-1], special[1:], special.upper(), " " + special + " "])
    if kind == 2:
        return "".join(rng.choice("0123456789") for _ in range(rng.randrange(1, 9)))
    pools = [SPACES, NUMBERS, EMOJI, MARKS, CONTROLS, PUNCTUATION, WORDS, WORDS, WORDS, SPACES, PUNCTUATION, NUMBERS]
    return rng.choice(pools[kind])


def mixed(rng, specials, count):
    glue = rng.choice(["", "", " ", " ", " ", "  ", "\n"])
    return glue.join(piece(rng, specials) for _ in range(count))


def line(rng, specials):
    kind = rng.randrange(20)
    if kind == 0:
        return rng.choice(["", " ", "\n", "a", "1", "\x00", "😀", rng.choice(specials)])
    if kind == 1:
        return mixed(rng, specials, rng.randrange(300, 1500))
    if kind in (2, 3, 4, 5):
        words = rng.choice(SENTENCES).split(" ")
        if rng.random() < 0.5:
            rng.shuffle(words)
        return rng.choice([" ", " ", "  ", ""]).join(words)
    if kind in (6, 7):
        return rng.choice(["", "\n", "    "]).join(rng.choice(CODE) for _ in range(rng.randrange(1, 6)))
    if kind == 8:
        return rng.choice(["<|im_start|>{}\n{}<|im_end|>\n", "{}{}", "[INST]{} {}[/INST]"]).format(
            rng.choice(["user", "assistant", "system"]), mixed(rng, specials, 20))
    if kind == 9:
        return rng.choice(WORDS + EMOJI + SPACES + NUMBERS) * rng.randrange(1, 60)
    if kind == 10:
        return unicodedata.normalize(rng.choice(["NFC", "NFD", "NFKC", "NFKD"]), mixed(rng, specials, 40))
    return mixed(rng, specials, rng.randrange(1, 40))


def lines(seed, count, specials):
    """`count` different lines."""
    rng = random.Random(seed)
    made = dict.fromkeys(["", "very long " * 10_000, "x" * 20_000, " " * 10_000, "1234567890" * 2_000])
    while len(made) < count:
        made[line(rng, specials)] = None
    return list(made)[:count]
