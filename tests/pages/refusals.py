#!/usr/bin/env python3
"""Without this the compiler could let a page through that breaks the policy.

refusals.py TEMPLATES.PY ES.PO STATIC: each snippet must be refused, and for
the reason that stands beside it.  The first one is a control: it compiles.
"""
import pathlib
import sys
import tempfile

TOOL, PO, STATIC = (pathlib.Path(a) for a in sys.argv[1:])
sys.path.insert(0, str(TOOL.resolve().parent))
import templates  # noqa: E402

KEYS = templates.words.read(PO)
HEAD = "{{! x\nreads:\n  a   text\n  b[] text\n}}\n"
GOOD = "<p>{{a}}</p>{{#each b}}x{{/each}}"
CASES = [
    (GOOD, None),
    ("<p>{{a}}", "not closed"),
    ("<p {{a}}>x</p>", "only in text or in a double-quoted"),
    ("<p class={{a}}>x</p>", "double quotes"),
    ("<p class='{{a}}'>x</p>", "double quotes"),
    ("<script>{{a}}</script>", "script"),
    ("<script>1</script>", "nothing may stand inside"),
    ("<style>p{}</style>", "nothing may stand inside"),
    ('<p style="color:red">x</p>', "policy forbids style"),
    ('<p onclick="x">x</p>', "policy forbids onclick"),
    ("<!-- {{a}} -->", "comments"),
    ("<{{a}}>x</p>", "bare <"),
    ("<p>x</b>", "closes nothing"),
    ("{{#if a}}<p>{{else}}<b>{{/if}}", "must end in one place"),
    ('<a href="{{#if a}}{{a}}{{/if}}">x</a>', "must end in one place"),
    ('<a href="{{t word.yes}}">x</a>', "no words in an address"),
    ("<p>{{t no.such.key}}</p>", "no message no.such.key"),
    ("<p>{{t layout.emergency a}}</p>", "takes [0, 1]"),
    ("<p>{{t word.yes a}}</p>", "takes []"),
    ("<p>{{t count.people.n}}</p>", "for .n keys only"),
    ("<p>{{c}}</p>", "reads c, which is in no list"),
    ("<p>{{raw a}}</p>", "unknown"),
    ("<p>{{A}}</p>", "not a path"),
    ("<p>{{a.a.a.a.a}}</p>", "path too long"),
    ("{{#if a}}x", "if is not closed"),
    ("x{{/if}}", "closes nothing"),
    ("{{else}}", "else without"),
    ("{{#if a}}1{{else}}2{{else}}3{{/if}}", "else without"),
    ("{{#loop a}}x{{/loop}}", "unknown block"),
    ("{{> nowhere}}", "no template nowhere"),
    ("{{> page}}", "nest too deep"),
    ("{{static none.css}}", "no static file"),
    ("<p>{{a</p>", "not a path"),
    ('<p class="{{form-secrets}}">x</p>', "between elements"),
    ("{{#each b}}" * 12 + "{{/each}}" * 12, "nest too deep"),
]


def refused(body):
    """Why the compiler will not have it; None when it compiles."""
    with tempfile.TemporaryDirectory() as folder:
        page = pathlib.Path(folder) / "page.html"
        page.write_text(HEAD + body + ("" if body == GOOD else GOOD))
        library = templates.Library([page], STATIC)
        try:
            templates.Compiler(library, KEYS).page("page")
        except templates.Wrong as wrong:
            return str(wrong)
    return None


bad = 0
for body, reason in CASES:
    said = refused(body)
    good = said is None if reason is None else said and reason in said
    if not good:
        print(f"{body!r}: expected {reason!r}, got {said!r}")
        bad += 1
print(f"{len(CASES)} snippets, {bad} judged wrongly")
sys.exit(bad != 0)
