"""Where templates that others wrote are run: a small part of Jinja2, and a budget of work and text.

Jinja2's own sandbox keeps a template from Python. It does not keep it from working for ever, nor from growing without
end; so what can do that is not allowed (`check`), and what is left pays for each step and each character.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from jinja2 import FunctionLoader, StrictUndefined, TemplateSyntaxError, Undefined, nodes
from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup, escape

MOST_STEPS = 50_000
"""Rounds of loops, calls and filters in one print: the longest note has some thousand statements."""
WORK_OF_A_STEP = 50
"""Members of a list that a filter goes through for the price of one step."""
MOST_CHARACTERS = 4_000_000
"""Characters written in one print, those that are thrown away among them: a note of a day's talk has a tenth."""
OF_A_VALUE = 8
"""Characters that a number, or a list for itself, is counted as."""
MOST_RANGE = 1_000
LARGEST_SOURCE = 100_000
"""Characters of one file: the general note's have a fiftieth."""
DEEPEST = 60
"""How deep expressions and blocks may lie in each other."""

FILTERS = frozenset(
    "capitalize count default dictsort escape first groupby int join last length list lower map max min reject "
    "rejectattr reverse round select selectattr sort string sum title trim unique upper".split()
)
"""Filters that a template may use: none makes a text much longer than what it is given."""
METHODS = frozenset("items keys values get startswith endswith strip lower upper title capitalize".split())
"""Methods of values that a template may call: none makes a text longer than what it is called on."""
OPERATORS = (nodes.Mul, nodes.Pow, nodes.Mod, nodes.Div, nodes.FloorDiv)


class Budget:
    """What one print has left."""

    def __init__(self) -> None:
        self.steps = MOST_STEPS
        self.characters = MOST_CHARACTERS

    def pay(self, steps: int = 0, characters: int = 0) -> None:
        """Take off what is used. Raises SecurityError where nothing is left."""
        self.steps -= steps
        self.characters -= characters
        if self.steps < 0:
            raise SecurityError(f"the template takes more than {MOST_STEPS} steps")
        if self.characters < 0:
            raise SecurityError(f"the template writes more than {MOST_CHARACTERS} characters")


class Sandbox(ImmutableSandboxedEnvironment):
    """The environment in which one print of one template runs; `files` are all that it can include."""

    def __init__(self, files: Mapping[str, str], *, html: bool, undefined: type[Undefined] = StrictUndefined) -> None:
        """Let a template use these files, and escape for HTML where that is what it writes."""
        super().__init__(
            loader=FunctionLoader(lambda name: (files[name], name, None) if name in files else None),
            undefined=undefined,
            autoescape=html,
            trim_blocks=True,
            lstrip_blocks=True,
            optimized=False,  # else sums of constants are done while the file is read
            finalize=self._written,
        )
        self.budget = Budget()
        self.globals = {"range": self._range}
        self.filters = {name: self._paid(self.filters[name]) for name in FILTERS}

    def _range(self, *bounds: int) -> range:
        made = range(*bounds)
        if len(made) > MOST_RANGE:
            raise SecurityError(f"range goes over more than {MOST_RANGE} numbers")
        return made

    def _written(self, value: Any) -> Any:
        """Pay for what is written; called for each expression in {{ }}."""
        self.budget.pay(1, _size(value))
        return value

    def _paid(self, filter_: Any) -> Any:
        """Return the filter, paid for by its result."""

        def paid(*args: Any, **kwargs: Any) -> Any:
            self.budget.pay(1 + sum(len(a) for a in args if hasattr(a, "__len__")) // WORK_OF_A_STEP)
            self.budget.pay(0, sum(_size(a) for a in args if isinstance(a, list | tuple)))
            result = filter_(*args, **kwargs)
            self.budget.pay(0, _size(result))
            return result

        for name in ("jinja_pass_arg", "__name__"):
            if hasattr(filter_, name):
                setattr(paid, name, getattr(filter_, name))
        return paid

    def step(self, characters: int) -> str:
        """Pay for a round of a loop, or for a call of a macro, that writes so much of its own."""
        self.budget.pay(1, characters)
        return ""

    def joined(self, *parts: Any) -> Any:
        """Return texts joined, paid for; `a ~ b` comes here."""
        self.budget.pay(1, sum(map(_size, parts)))
        if any(hasattr(p, "__html__") for p in parts):
            return Markup("").join(escape(p) for p in parts)
        return "".join(map(str, parts))

    def made(self, value: Any) -> Any:
        """Return a list or dictionary that the template wrote out, paid for; `[a, b]` comes here."""
        self.budget.pay(1, _size(value))
        return value

    def call(__self, __context: Any, __obj: Any, *args: Any, **kwargs: Any) -> Any:
        """Call what the template calls, paid for by what it returns."""
        __self.budget.pay(1)
        result = super().call(__context, __obj, *args, **kwargs)
        __self.budget.pay(0, _size(result))
        return result

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        if len(source) > LARGEST_SOURCE:
            raise TemplateSyntaxError(f"the file is longer than {LARGEST_SOURCE} characters", 1, name)
        tree = super()._parse(source, name, filename)
        for line, what in refused(tree):
            raise TemplateSyntaxError(what, line, name)
        _count_steps(tree)
        return tree


def refused(tree: nodes.Node, depth: int = 0) -> Iterator[tuple[int, str]]:
    """Yield line and words for all that a template may not use."""
    if depth > DEEPEST:
        yield getattr(tree, "lineno", 1), "expressions or blocks lie too deep in each other"
        return
    if what := _refused(tree):
        yield tree.lineno, what
    for child in tree.iter_child_nodes():
        yield from refused(child, depth + 1)


def _refused(node: nodes.Node) -> str:
    if isinstance(node, nodes.Filter) and node.name not in FILTERS:
        return f"the filter {node.name!r} is not among those a template may use: {', '.join(sorted(FILTERS))}"
    if isinstance(node, nodes.EvalContextModifier | nodes.ScopedEvalContextModifier):
        return "escaping is not turned off"
    if isinstance(node, OPERATORS):
        return f"a template does not reckon: {node.operator!r} is not allowed"
    if isinstance(node, nodes.Add | nodes.Sub) and not _is_number(node.right) and not _is_number(node.left):
        return f"{node.operator!r} is for a number; texts are joined by ~"
    if isinstance(node, nodes.Call):
        return _refused_call(node)
    if isinstance(node, nodes.Include | nodes.FromImport | nodes.Import | nodes.Extends):
        named = isinstance(node.template, nodes.Const) and isinstance(node.template.value, str)
        return "" if named else "a file is named by a text in quotes"
    return ""


def _refused_call(node: nodes.Call) -> str:
    if node.dyn_args is not None or node.dyn_kwargs is not None:
        return "calls with * are not allowed"
    called = node.node
    if isinstance(called, nodes.Name):
        return ""
    if isinstance(called, nodes.Getattr) and called.attr in METHODS:
        return ""
    return f"only macros, range and these can be called: {', '.join(sorted(METHODS))}"


def _is_number(node: nodes.Node) -> bool:
    return isinstance(node, nodes.Const) and isinstance(node.value, int)


def _count_steps(tree: nodes.Node) -> None:
    """Put what pays for a round into each loop and macro, and what pays for joining into each `~`."""
    if isinstance(tree, nodes.Template):
        tree.body.insert(0, _pay(sum(len(data.data) for data in tree.find_all(nodes.TemplateData)), 1))
    for node in list(tree.find_all((nodes.For, nodes.Macro, nodes.CallBlock, nodes.Block))):
        assert isinstance(node, nodes.For | nodes.Macro | nodes.CallBlock | nodes.Block)
        own = sum(len(data.data) for data in node.find_all(nodes.TemplateData))
        node.body.insert(0, _pay(own, node.lineno))
    for parent in list(tree.find_all(nodes.Node)):
        _join_by_call(parent)


def _join_by_call(parent: nodes.Node) -> None:
    for name, value in list(parent.iter_fields()):
        if isinstance(value, nodes.Node):
            setattr(parent, name, _by_call(value))
        elif isinstance(value, list):
            setattr(parent, name, [_by_call(v) if isinstance(v, nodes.Node) else v for v in value])


def _by_call(node: nodes.Node) -> nodes.Node:
    """Return what pays for a joined text or a list, in the place of what makes it."""
    if isinstance(node, nodes.Concat):
        return _called("joined", node.nodes, node.lineno)
    if isinstance(node, nodes.List | nodes.Dict) or (isinstance(node, nodes.Tuple) and node.ctx == "load"):
        return _called("made", [node], node.lineno)
    return node


def _called(function: str, arguments: list[nodes.Expr], line: int) -> nodes.Call:
    return nodes.Call(nodes.EnvironmentAttribute(function, lineno=line), arguments, [], None, None, lineno=line)


def _pay(characters: int, line: int) -> nodes.Node:
    return nodes.ExprStmt(_called("step", [nodes.Const(characters, lineno=line)], line), lineno=line)


def _size(value: Any) -> int:
    """How long a value is when it is written, of a list all of its members; no more than one print may write, and one.

    A list that holds another one many times is short in memory and long on paper: it is counted as on paper.
    """
    total, left = 0, [value]
    while left and total <= MOST_CHARACTERS:
        value = left.pop()
        if isinstance(value, str):
            total += len(value)
        elif isinstance(value, Mapping):
            total += OF_A_VALUE
            left.extend(value.values())
        elif isinstance(value, list | tuple):
            total += OF_A_VALUE
            left.extend(value)
        elif value is not None:
            total += OF_A_VALUE
    return total
