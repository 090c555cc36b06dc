#!/usr/bin/env python3
"""Compile the pages: templates/*.html into constant arrays of steps.

  templates.py pages  --po es.po --static DIR --out templates.c templates...
  templates.py site   --po es.po --po en.po --static DIR --errors DIR --out DIR

The language.  A file begins with a comment that is its closed list:

  {{! What the page is for.
  reads:
    title          text: what stands in h1
    rows[].code    short: the link
  }}

Every member that the template reads must stand there, and every member that
stands there must be read: handlers are written against that comment.

  {{path}}             the value, written for people, escaped for its place
  {{iso path}}         the machine's form, for value and datetime attributes
  {{short path}}       the same, but a day as 12/03/2027
  {{weekday path}}     "martes"
  {{t key arg ...}}    a message; arguments are paths
  {{count key.n path}} a message with forms, of a number or a list's length
  {{#if path}} {{else}} {{/if}}          also {{#unless path}}
  {{#is path word}} {{else}} {{/is}}     the machine's form equals the word
  {{#each path}} {{else}} {{/each}}      else: the list is empty
  {{#with path}} {{else}} {{/with}}      enter an object, if it is there
  {{> partial}}  {{> partial path}}      another file, inside `path`
  {{< layout}}         this page stands in that file's {{content}}
  {{#block name}} ... {{/block}}         goes to the layout's {{slot name}}
  {{static style.css}} /static/style.<hash>.css
  {{inline mark.svg}}  a drawing of the static folder, as an svg element
  {{form-secrets}}     _csrf, _idem and _v; {{form-secrets path}}: that _v
  {{lang}}  {{@n}}     the language; the place in the list, from 1

A path is looked for from the innermost scope outwards; ".path" only in the
innermost, "." is that scope itself.  A hole may stand in text, in a
textarea or title, or in a double-quoted attribute; in an address it is a
whole address of our own, or one percent-encoded piece of it.  Anywhere else
it is an error, as are inline scripts, styles, style and on... attributes.
"""
import argparse
import hashlib
import pathlib
import re
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import words  # noqa: E402

DEPTH_MAX, PATH_MAX, ARGS_MAX, NESTING_MAX = 12, 4, 4, 16
TAG = re.compile(r"\{\{(!.*?|[^!].*?)\}\}", re.S)
PATH = re.compile(r"\.|\.?[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*")
ADDRESSES = {"href", "src", "action", "formaction"}
RAW = {"script", "style"}
KEEPS_SPACE = {"textarea", "pre", "title"}
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link",
        "meta", "source", "track", "wbr"}


class Wrong(Exception):
    pass


class Token:
    def __init__(self, kind, value, file, line):
        self.kind, self.value, self.file, self.line = kind, value, file, line

    def wrong(self, why):
        raise Wrong(f"{self.file}:{self.line}: {why}")


# ---- reading files ----------------------------------------------------

def tokens_of(path):
    source = path.read_text(encoding="utf-8")
    out, at = [], 0
    for found in TAG.finditer(source):
        line = source.count("\n", 0, at) + 1
        if found.start() > at:
            out.append(Token("html", source[at:found.start()], path.name, line))
        line = source.count("\n", 0, found.start()) + 1
        out.append(Token("tag", found.group(1).strip(), path.name, line))
        at = found.end()
    if at < len(source):
        out.append(Token("html", source[at:], path.name,
                         source.count("\n", 0, at) + 1))
    for token in out:
        if token.kind == "html" and ("{{" in token.value or
                                     "}}" in token.value):
            token.wrong("a hole that is not closed")
    return out


def declared(token):
    """The member names of a closed list."""
    names = set()
    _, found, reads = token.value.partition("reads:")
    if not found:
        return names
    for line in reads.splitlines():
        if not line.strip() or line.startswith("     "):
            continue        # a description that goes on
        path = line.split()[0]
        if not re.fullmatch(r"[a-z][a-z0-9_]*(\[\])?"
                            r"(\.[a-z][a-z0-9_]*(\[\])?)*", path):
            token.wrong(f"not a node: {path}")
        names |= set(path.replace("[]", "").split("."))
    return names


class Library:
    def __init__(self, paths, static):
        self.files = {p.stem: p for p in paths}
        self.static = static
        self.cache = {}

    def tokens(self, name, by):
        if name not in self.files:
            by.wrong(f"no template {name}")
        if name not in self.cache:
            self.cache[name] = tokens_of(self.files[name])
        return self.cache[name]

    def expand(self, tokens, names, depth=0):
        """Partials in place, comments out; collects the closed lists."""
        out = []
        for token in tokens:
            if token.kind == "html":
                out.append(token)
                continue
            if depth > NESTING_MAX:
                token.wrong("partials nest too deep")
            if token.value.startswith("!"):
                names |= declared(token)
            elif token.value.startswith(">"):
                parts = token.value[1:].split()
                inner = self.expand(self.tokens(parts[0], token), names,
                                    depth + 1)
                if len(parts) == 2:
                    out.append(Token("tag", f"#with {parts[1]}", token.file,
                                     token.line))
                out += trimmed(inner)
                if len(parts) == 2:
                    out.append(Token("tag", "/with", token.file, token.line))
            else:
                out.append(token)
        return out

    def page(self, name):
        names = set()
        first = Token("tag", name, name, 0)
        body = self.expand(self.tokens(name, first), names)
        blocks, body = blocks_out(body)
        layout = [t for t in body if t.kind == "tag" and
                  t.value.startswith("<")]
        body = [t for t in body if t not in layout]
        if not layout:
            return body, names
        frame = self.expand(self.tokens(layout[0].value[1:].strip(),
                                        layout[0]), names)
        out, used = [], set()
        for token in frame:
            if token.kind == "tag" and token.value == "content":
                out += trimmed(body)
            elif token.kind == "tag" and token.value.startswith("slot "):
                used.add(token.value[5:])
                out += blocks.get(token.value[5:], [])
            else:
                out.append(token)
        for block in set(blocks) - used:
            first.wrong(f"the layout has no slot {block}")
        return out, names


def trimmed(tokens):
    """Without the white space at both ends of a file."""
    tokens = [Token(t.kind, t.value, t.file, t.line) for t in tokens]
    while tokens and tokens[0].kind == "html":
        tokens[0].value = tokens[0].value.lstrip()
        if tokens[0].value:
            break
        tokens.pop(0)
    while tokens and tokens[-1].kind == "html":
        tokens[-1].value = tokens[-1].value.rstrip()
        if tokens[-1].value:
            break
        tokens.pop()
    return tokens


def blocks_out(tokens):
    blocks, rest, now = {}, [], None
    for token in tokens:
        value = token.value if token.kind == "tag" else ""
        if value.startswith("#block "):
            now = value[7:].strip()
            blocks[now] = []
        elif value == "/block":
            blocks[now] = trimmed(blocks[now])
            now = None
        elif now is not None:
            blocks[now].append(token)
        else:
            rest.append(token)
    return blocks, rest


# ---- where in the HTML we are -----------------------------------------

class Place:
    """A small reader of HTML, only as exact as our own pages need."""

    def __init__(self):
        self.state = "text"      # text tag name attribute value raw
        self.element = ""
        self.attribute = ""
        self.begun = False       # something stands in the value already
        self.open = []           # elements
        self.closing = False

    def same(self):
        element = "" if self.state == "text" else self.element
        return (self.state, element, self.attribute,
                self.begun if self.attribute in ADDRESSES else None,
                tuple(self.open))

    def copy(self):
        other = Place()
        other.__dict__.update(self.__dict__)
        other.open = list(self.open)
        return other

    def take(self, token):
        """Feed one piece of HTML; gives it back with less white space."""
        out = []
        text = token.value
        i = 0
        while i < len(text):
            c = text[i]
            step = getattr(self, "in_" + self.state)
            used, said = step(text, i, c, token)
            out.append(said)
            i += used
        return "".join(out)

    def space(self, text, i):
        run = re.match(r"\s+", text[i:]).group(0)
        return len(run), ("\n" if "\n" in run else " ")

    def in_text(self, text, i, c, token):
        inside = self.open[-1] if self.open else ""
        if inside in RAW and not text.startswith("</", i):
            token.wrong(f"nothing may stand inside <{inside}>")
        if c == "<":
            if text.startswith("<!--", i):
                token.wrong("use {{! }} for comments")
            if text[i:i + 9].lower() == "<!doctype":
                end = text.index(">", i)
                return end + 1 - i, text[i:end + 1]
            self.closing = text.startswith("</", i)
            skip = 2 if self.closing else 1
            found = re.match(r"[a-zA-Z][a-zA-Z0-9-]*", text[i + skip:])
            if not found:
                token.wrong("a bare <")
            self.element = found.group(0).lower()
            self.state = "tag"
            n = skip + len(found.group(0))
            return n, text[i:i + n]
        if c.isspace() and inside not in KEEPS_SPACE:
            return self.space(text, i)
        return 1, c

    def in_tag(self, text, i, c, token):
        if c.isspace():
            used, _ = self.space(text, i)
            return used, " "
        if c == "/" and text.startswith("/>", i):
            if self.element not in SVG:
                token.wrong("only drawings close themselves")
            self.state = "text"
            return 2, "/>"
        if c == ">":
            self.end_tag(token)
            return 1, c
        found = re.match(r"[a-zA-Z_:][-a-zA-Z0-9_:.]*", text[i:])
        if not found:
            token.wrong(f"{c!r} in a tag")
        self.attribute = found.group(0).lower()
        if self.attribute == "style" or self.attribute.startswith("on"):
            token.wrong(f"the policy forbids {self.attribute}")
        n = len(found.group(0))
        if text.startswith('="', i + n):
            self.state, self.begun = "value", False
            return n + 2, text[i:i + n + 2]
        if text.startswith("=", i + n):
            token.wrong("attributes stand in double quotes")
        self.attribute = ""
        return n, text[i:i + n]

    def in_value(self, text, i, c, token):
        if c == '"':
            self.state = "tag"
            self.attribute = ""
            return 1, c
        self.begun = True
        return 1, c

    def end_tag(self, token):
        self.state = "text"
        if self.closing:
            if not self.open or self.open[-1] != self.element:
                token.wrong(f"</{self.element}> closes nothing; open: "
                            f"{' '.join(self.open[-3:])}")
            self.open.pop()
        elif self.element not in VOID:
            self.open.append(self.element)

    def context(self, token):
        """How a hole here is escaped."""
        if self.state == "text":
            if self.open and self.open[-1] in RAW:
                token.wrong("a hole in a script or style")
            return "CONTEXT_HTML"
        if self.state != "value":
            token.wrong("a hole may stand only in text or in a "
                        "double-quoted attribute")
        if self.attribute == "srcset":
            token.wrong("a hole in srcset")
        if self.attribute not in ADDRESSES:
            return "CONTEXT_HTML"
        return "CONTEXT_PART" if self.begun else "CONTEXT_ADDRESS"


SVG = {"path", "rect", "circle", "line", "polyline", "polygon", "use", "g"}


# ---- steps ------------------------------------------------------------

class Step:
    def __init__(self, op, path=None, context="CONTEXT_HTML", p=None,
                 jump=None):
        self.op, self.path, self.context = op, path, context
        self.p, self.jump = p, jump


class Compiler:
    def __init__(self, library, keys):
        self.shelf, self.keys = library, keys
        self.paths = [("", )]          # index 0: none
        self.place = Place()

    def path(self, token, text, read):
        if not PATH.fullmatch(text):
            token.wrong(f"not a path: {text}")
        if text == ".":
            entry = ("here", )
        else:
            parts = tuple(text.lstrip(".").split("."))
            if len(parts) > PATH_MAX:
                token.wrong(f"path too long: {text}")
            read |= set(parts)
            entry = ("here" if text.startswith(".") else "up", ) + parts
        if entry not in self.paths:
            self.paths.append(entry)
        return self.paths.index(entry)

    def key(self, token, key, counted):
        if key not in self.keys:
            token.wrong(f"no message {key} in es.po")
        if key.endswith(".n") != counted:
            token.wrong(f"{key}: use {{{{count}}}} for .n keys only")
        return key

    def run(self, steps, text):
        if not text:
            return
        if steps and steps[-1].op == "RUN":
            steps[-1].p += text
        else:
            steps.append(Step("RUN", p=text))

    def word(self, steps, token, parts, read):
        if self.place.context(token) != "CONTEXT_HTML":
            token.wrong("no words in an address")
        if len(parts) - 2 > ARGS_MAX:
            token.wrong("too many arguments")
        key = self.key(token, parts[1], False)
        holes = {int(d) for d in re.findall(r"\{(\d)\}", self.keys[key][0])}
        if holes != set(range(len(parts) - 2)):
            token.wrong(f"{key} takes {sorted(holes)}")
        for arg in parts[2:]:
            steps.append(Step("ARG", self.path(token, arg, read)))
        steps.append(Step("WORD", p=key))

    def page(self, name):
        tokens, names = self.shelf.page(name)
        self.place = place = Place()
        steps, stack, read = [], [], set()

        for token in trimmed(tokens):
            if token.kind == "html":
                self.run(steps, self.place.take(token))
                continue
            self.tag(steps, stack, token, read)
            place = self.place
        if stack:
            token.wrong(f"{stack[-1][0]} is not closed")
        if place.state != "text" or place.open:
            token.wrong(f"not closed: {' '.join(place.open)}")
        for missing in sorted(read - names):
            token.wrong(f"{name} reads {missing}, which is in no list")
        for unread in sorted(names - read):
            token.wrong(f"{name} lists {unread}, which is never read")
        steps.append(Step("END"))
        return steps

    def tag(self, steps, stack, token, read):
        parts = token.value.split()
        word = parts[0]
        if word.startswith("#"):
            self.begin(steps, stack, token, parts, read)
        elif word == "else":
            self.otherwise(steps, stack, token)
        elif word.startswith("/"):
            self.finish(steps, stack, token)
        elif word == "t":
            self.word(steps, token, parts, read)
        elif word == "count":
            self.place.context(token)
            steps.append(Step("COUNT", self.path(token, parts[2], read),
                              p=self.key(token, parts[1], True)))
        elif word in ("iso", "short", "weekday"):
            steps.append(Step({"iso": "ISO", "short": "SHORT",
                               "weekday": "WEEKDAY"}[word],
                              self.path(token, parts[1], read),
                              self.place.context(token)))
        elif word == "static":
            self.run(steps, static_address(self.shelf.static, parts[1],
                                           token))
        elif word == "inline":
            drawing = (self.shelf.static / parts[1]).read_text().strip()
            self.run(steps, self.place.take(
                Token("html", drawing, parts[1], 1)))
        elif word == "form-secrets":
            if self.place.state != "text":
                token.wrong("secrets stand between elements")
            steps.append(Step("SECRETS", self.path(token, parts[1], read)
                              if len(parts) > 1 else 0))
        elif word == "lang":
            self.place.context(token)
            steps.append(Step("LANG"))
        elif word == "@n":
            self.place.context(token)
            steps.append(Step("NUMBER_HERE"))
        elif len(parts) == 1:
            steps.append(Step("VALUE", self.path(token, word, read),
                              self.place.context(token)))
        else:
            token.wrong(f"unknown: {token.value}")
        if self.place.state == "value":
            self.place.begun = True

    def begin(self, steps, stack, token, parts, read):
        word = parts[0][1:]
        if self.place.state not in ("text", "tag", "value"):
            token.wrong("a block may not stand here")
        if word not in ("if", "unless", "is", "each", "with") or \
                len(parts) != (3 if word == "is" else 2):
            token.wrong(f"unknown block {token.value}")
        depth = sum(1 for s in stack if s[0] in ("each", "with"))
        if word in ("each", "with") and depth + 1 >= DEPTH_MAX:
            token.wrong("scopes nest too deep")
        path = self.path(token, parts[1], read)
        op = "IF" if word == "unless" else word.upper()
        head = Step(op, path, p=parts[2] if word == "is" else None)
        steps.append(head)
        frame = [word, head, len(steps), None, self.place.copy(), None]
        if word == "unless":        # true: on at else; false: here
            jump = Step("JUMP")
            steps.append(jump)
            head.jump = len(steps)
            frame[1] = jump
        stack.append(frame)

    def otherwise(self, steps, stack, token):
        if not stack or stack[-1][3] is not None:
            token.wrong("else without a block")
        frame = stack[-1]
        self.leave(steps, frame)
        frame[3] = Step("JUMP")
        steps.append(frame[3])
        frame[1].jump = len(steps)
        frame[5] = self.place
        self.place = frame[4].copy()

    def leave(self, steps, frame):
        if frame[0] == "each":
            steps.append(Step("NEXT", jump=frame[2]))
        elif frame[0] == "with":
            steps.append(Step("LEAVE"))

    def finish(self, steps, stack, token):
        word = token.value[1:].strip()
        if not stack or stack[-1][0] != word:
            token.wrong(f"/{word} closes nothing")
        frame = stack.pop()
        if frame[3] is None:
            self.leave(steps, frame)
            frame[1].jump = len(steps)
            other = frame[4]
        else:
            frame[3].jump = len(steps)
            other = frame[5]
        if other.same() != self.place.same():
            token.wrong(f"both ways through {word} must end in one place")
        # A run after a label must not merge into the one before it.
        steps.append(Step("RUN", p=""))


def tidy(steps):
    """Drop empty runs, keeping jumps right."""
    new_at, kept = [], []
    for step in steps:
        new_at.append(len(kept))
        if step.op != "RUN" or step.p:
            kept.append(step)
    for step in kept:
        if step.jump is not None:
            step.jump = new_at[step.jump]
    return kept


# ---- static files -----------------------------------------------------

def static_name(folder, name):
    path = folder / name
    digest = hashlib.sha256(path.read_bytes()).hexdigest()[:16]
    return f"{path.stem}.{digest}{path.suffix}"


def static_address(folder, name, token=None):
    if not (folder / name).is_file():
        if token:
            token.wrong(f"no static file {name}")
        raise Wrong(f"no static file {name}")
    return "/static/" + static_name(folder, name)


# ---- C ----------------------------------------------------------------

def c_string(data):
    out, line = [], []
    for b in data:
        if b == 0x22 or b == 0x5c:
            line.append("\\" + chr(b))
        elif 0x20 <= b < 0x7f and b != 0x3f:
            line.append(chr(b))
        elif b == 0x0a:
            line.append("\\n")
        else:
            line.append(f"\\{b:03o}")
        if sum(len(s) for s in line) >= 60:
            out.append('"' + "".join(line) + '"')
            line = []
    out.append('"' + "".join(line) + '"')
    return "\n\t    ".join(out)


def pieces(data, most=3900):
    """Cut bytes where no UTF-8 character is cut."""
    while len(data) > most:
        at = most
        while data[at] & 0xc0 == 0x80:
            at -= 1
        yield data[:at]
        data = data[at:]
    yield data


def split_runs(steps):
    """A string literal may hold 4,095 bytes: longer runs become several."""
    new_at, out = [], []
    for step in steps:
        new_at.append(len(out))
        if step.op != "RUN":
            out.append(step)
            continue
        for piece in pieces(step.p.encode()):
            out.append(Step("RUN", p=piece))
    for step in out:
        if step.jump is not None:
            step.jump = new_at[step.jump]
    return out


def c_step(step):
    data = step.p if isinstance(step.p, bytes) else (step.p or "").encode()
    fields = [f".op = STEP_{step.op}"]
    if step.path:
        fields.append(f".path = {step.path}")
    if step.context != "CONTEXT_HTML":
        fields.append(f".context = {step.context}")
    if step.jump is not None:
        fields.append(f".jump = {step.jump}")
    if step.p is not None:
        fields.append(f".n = {len(data)}")
        fields.append(f".p = {c_string(data)}")
    return "\t{ " + ", ".join(fields) + " },"


def c_path(entry):
    if entry == ("", ):
        return "\t{ .n = 0 },"
    names = ", ".join(f'"{n}"' for n in entry[1:])
    here = ".here = true, " if entry[0] == "here" else ""
    if not names:
        return f"\t{{ {here}.n = 0 }},"
    return f"\t{{ {here}.n = {len(entry) - 1}, .names = {{ {names} }} }},"


def pages(args):
    keys = words.read(pathlib.Path(args.po[0]))
    library = Library([pathlib.Path(p) for p in args.templates],
                      pathlib.Path(args.static))
    compiler = Compiler(library, keys)
    target = pathlib.Path(args.out)
    out = ['/* Made by tools/templates.py. */',
           f'#include "{target.stem}.h"', '',
           '#include <string.h>', '', '@PATHS@', '']
    names = sorted(n for n in library.files if not n.startswith("_"))
    for name in names:
        steps = split_runs(tidy(compiler.page(name)))
        out.append(f"static const struct template_step {name}_steps[] = {{")
        out += [c_step(s) for s in steps]
        out += ["};", "",
                f"static const struct template {name}_page = {{",
                f'\t"{name}", {name}_steps, paths', "};", ""]
    paths = ["static const struct template_path paths[] = {"]
    paths += [c_path(p) for p in compiler.paths] + ["};"]
    out[out.index("@PATHS@")] = "\n".join(paths)
    out.append("static const struct template *const all[] = {")
    out += [f"\t&{n}_page," for n in names] + ["};", ""]
    out.append("""const struct template *template_find(const char *name)
{
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		if (strcmp(all[i]->name, name) == 0)
			return all[i];
	return NULL;
}

const struct template *template_at(size_t i)
{
	return i < sizeof(all) / sizeof(all[0]) ? all[i] : NULL;
}
""")
    header = ['/* Made by tools/templates.py. */',
              '#ifndef ALAS_PAGES_TEMPLATES_H',
              '#define ALAS_PAGES_TEMPLATES_H', '',
              '#include "template.h"', '']
    header += ['/* All of them in order; NULL behind the last. */',
               'const struct template *template_at(size_t i);', '', '#endif',
               '']
    target.write_text("\n".join(out))
    target.with_suffix(".h").write_text("\n".join(header))


# ---- what nginx answers by itself -------------------------------------

def site(args):
    """The folder that nginx serves: static files and its error pages."""
    out, static = pathlib.Path(args.out), pathlib.Path(args.static)
    (out / "static").mkdir(parents=True, exist_ok=True)
    for path in sorted(static.iterdir()):
        if path.suffix in (".css", ".js", ".png", ".ico"):
            new = out / "static" / static_name(static, path.name)
            new.write_bytes(path.read_bytes())
    books = [words.read(pathlib.Path(p)) for p in args.po]
    page = (pathlib.Path(args.errors) / "error.html").read_text()
    codes = (pathlib.Path(args.errors) / "codes").read_text().split()
    for code in codes:
        made = re.sub(r"\{\{(.*?)\}\}",
                      lambda m: error_hole(m.group(1), code, books, static),
                      page)
        (out / f"_{code}.html").write_text(made)
    if args.stamp:
        pathlib.Path(args.stamp).write_text("\n".join(codes) + "\n")


def error_hole(hole, code, books, static):
    parts = hole.split()
    if parts[0] == "static":
        return static_address(static, parts[1])
    if parts[0] == "inline":
        return (static / parts[1]).read_text().strip()
    if parts[0] == "code":
        return code
    book = books[{"es": 0, "en": 1}[parts[0]]]
    key = parts[1].replace("*", code)
    if key not in book:
        raise Wrong(f"no message {key}")
    return (book[key][0].replace("&", "&amp;").replace("<", "&lt;")
            .replace(">", "&gt;"))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("what", choices=("pages", "site"))
    parser.add_argument("--po", action="append", required=True)
    parser.add_argument("--static", required=True)
    parser.add_argument("--errors")
    parser.add_argument("--stamp")
    parser.add_argument("--out", required=True)
    parser.add_argument("templates", nargs="*")
    args = parser.parse_intermixed_args()
    try:
        pages(args) if args.what == "pages" else site(args)
    except Wrong as wrong:
        sys.exit(str(wrong))


if __name__ == "__main__":
    main()
