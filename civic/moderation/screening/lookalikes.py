"""Letters of other alphabets that look like ours.

After `confusables.txt` of Unicode Technical Standard 39 (https://www.unicode.org/reports/tr39/; Unicode License v3):
those of the living alphabets that Unicode's own decompositions and names don't give already (`letters.py`). The
libraries that carry the whole file tell whether a name is dangerous; none folds a text and keeps its places.
"""

LOOKALIKES = {
    "a": "ΑαАаᎪᗅꓮ",
    "b": "ΒВЬᏏᏴᑲᖯᗷꓐ",
    "c": "СсᏟⲤⲥꓚꮯ𐐕𐐽",
    "d": "ԁᎠᏧᑯᗞᗪꓒꓓ",
    "e": "ΕЕеҽᎬⴹꓰ",
    "f": "Ϝքᖴꓝ",
    "g": "ԌցᏀᏳꓖ",
    "h": "ΗНһհᎻᏂᕼⲎꓧ",
    "i": "ιіӏᎥꙇꭵ",
    "j": "ͿϳЈјᎫᒍꓙ",
    "k": "ΚКᏦⲔꓗ",
    "l": "ΙІӀᏞᒪⲒⳐⵏꓡꓲ𐐛",
    "m": "ΜϺМᎷᗰⲘꓟ",
    "n": "ΝոռⲚꓠ",
    "o": "ΟοσОоՕօⲞⲟⵔꓳ𐐄𐐬",
    "p": "ΡρРрᏢᑭⲢⲣꓑ",
    "q": "ԛգզⵕ",
    "r": "гᎡᏒᖇᴦⲅꓣꮁ",
    "s": "ЅѕՏᏕᏚꓢꮪ𐐠𐑈",
    "t": "ΤТᎢⲦꓔ",
    "u": "υՍսᑌꓴ",
    "v": "νѴѵᏙᐯⴸꓦꮩ",
    "w": "ѡԜԝաᎳᏔꓪꮃ",
    "x": "ΧХхᕁᕽⲬⵝꓫ",
    "y": "ΥγУуҮүᎩᎽⲨꓬ",
    "z": "ΖᏃꓜꮓ",
}

LATIN = {strange: letter for letter, all_strange in LOOKALIKES.items() for strange in all_strange}
