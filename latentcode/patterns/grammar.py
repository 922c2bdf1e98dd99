"""The grammar of mini-notation, for lark."""

from __future__ import annotations

# A word may hold points and signs, so a sign that stands alone is a token only if no word goes on after it.
GRAMMAR = r"""
start: group
?group: feet | stack | choice
stack: feet ("," feet)+
choice: feet ("|" feet)+
?feet: sequence | foot
foot: sequence (FOOT sequence)+
sequence: element+
element: slice op*
?slice: WORD -> word
    | REST -> rest
    | "[" group "]" -> group
    | "{" parts "}" ["%" slice] -> polymeter
    | "<" parts ">" -> alternate
parts: sequence ("," sequence)*
?op: WEIGHT -> weight
    | HOLD -> hold
    | REPLICATE -> replicate
    | DEGRADE -> degrade
    | "*" slice -> fast
    | "/" slice -> slow
    | ":" slice -> tail
    | RANGE slice -> range
    | "(" sequence "," sequence ["," sequence] ")" -> euclid

RANGE.5: ".."
REST.4: /[~\-](?![\w~\-#^']|\.\d)/
HOLD.4: /_(?![\w~\-#^'])/
FOOT.4: /\.(?![\w~\-#^'.])/
WORD.3: /(?![_.](?![\w~\-#^'.]))(?:[\w~\-#^']|\.(?!\.))+/
WEIGHT: /@(\d+\.?\d*|\.\d+)?/
REPLICATE: /!(\d+\.?\d*|\.\d+)?/
DEGRADE: /\?(\d+\.?\d*|\.\d+)?/

%ignore /[\s\u00a0]+/
"""

# what the musician calls the terminals
SPOKEN = {
    "WORD": "a name or number",
    "REST": "~",
    "HOLD": "_",
    "FOOT": ".",
    "RANGE": "..",
    "WEIGHT": "@",
    "REPLICATE": "!",
    "DEGRADE": "?",
    "LSQB": "[",
    "RSQB": "]",
    "LBRACE": "{",
    "RBRACE": "}",
    "LESSTHAN": "<",
    "MORETHAN": ">",
    "LPAR": "(",
    "RPAR": ")",
    "COMMA": ",",
    "VBAR": "|",
    "STAR": "*",
    "SLASH": "/",
    "COLON": ":",
    "PERCENT": "%",
    "$END": "the end",
}
