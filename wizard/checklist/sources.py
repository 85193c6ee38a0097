"""The source of the steps as a graph: which definitions can be reached from which.

Nothing is run. Names are followed within the package, through `from … import`; an over-wide answer
is possible (a local variable that is called as a function is), one that is too narrow is not.
"""

import ast
import inspect
import sys
from collections.abc import Iterable, Iterator, Sequence
from functools import cache

import msgspec

from wizard.errors import WizardError

Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Assign | ast.AnnAssign
Function = ast.FunctionDef | ast.AsyncFunctionDef
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)

Given = dict[str | None, ast.expr | None]
"""What a call is given, by parameter; None stands for `**`."""


@cache
def nodes(node: ast.AST) -> tuple[ast.AST, ...]:
    """All of a tree, which is asked for many times."""
    return tuple(ast.walk(node))


class Place(msgspec.Struct, frozen=True, order=True):
    """A definition at the top of a module, or a method in a class there."""

    module: str
    name: str


class Module:
    """One module's definitions and imports by name."""

    def __init__(self, name: str) -> None:
        self.name = name
        try:
            self.tree = ast.parse(inspect.getsource(sys.modules[name]))
        except OSError as error:
            raise WizardError(
                f"The source of {name} is not there, and what it calls is read from it.",
                where=name,
                todo="Install the package with its .py files.",
            ) from error
        self.definitions: dict[str, Definition] = {}
        self.imports: dict[str, Place] = {}
        """What a name stands for; the place's name is empty when it stands for a module."""
        for node in self.tree.body:
            self._note(node)

    def _note(self, node: ast.stmt) -> None:
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                self.definitions[node.name] = node
            case ast.Assign(targets=targets):
                for target in targets:
                    for part in ast.walk(target):
                        if isinstance(part, ast.Name):
                            self.definitions[part.id] = node
            case ast.AnnAssign(target=ast.Name(id=name)):
                self.definitions[name] = node
            case ast.ImportFrom(module=str(module), names=names, level=0):
                for one in names:
                    self.imports[one.asname or one.name] = _imported(module, one.name)
            case ast.Import(names=names):
                for one in names:
                    self.imports[one.asname or one.name] = Place(one.name, "")
            case ast.If(body=body, orelse=orelse):
                for inner in (*body, *orelse):
                    self._note(inner)
            case _:
                pass


def _imported(module: str, name: str) -> Place:
    whole = f"{module}.{name}"
    return Place(whole, "") if whole in sys.modules else Place(module, name)


class Sources:
    """The modules of one package, each parsed when it is first asked for."""

    def __init__(self, package: str) -> None:
        self.package = package
        self._modules: dict[str, Module] = {}

    def module(self, name: str) -> Module:
        """A module of the package by its full name."""
        if name not in self._modules:
            self._modules[name] = Module(name)
        return self._modules[name]

    def resolve(self, module: str, name: str) -> Place | None:
        """What a name in a module stands for; None for what is local to a function or built in."""
        here = self.module(module)
        if name in here.definitions:
            return Place(module, name)
        return here.imports.get(name)

    def is_ours(self, place: Place) -> bool:
        """Whether it is defined in the package, so that its source is followed."""
        return place.module.partition(".")[0] == self.package

    def reached(self, start: Place, *, without: Iterable[str] = ()) -> list["Reached"]:
        """All code that can run from `start`, a function or a class; `without` names methods of
        that class that are not run."""
        seen: set[Place] = set()
        found: list[Reached] = []
        waiting = [start]
        while waiting:
            place = waiting.pop()
            if place in seen or not self.is_ours(place):
                continue
            seen.add(place)
            node = self.module(place.module).definitions.get(place.name)
            if node is None:
                continue
            if isinstance(node, ast.ClassDef):
                left_out = frozenset(without) if place == start else frozenset()
                parts = list(self._of_class(place, left_out))
            else:
                parts = [Reached(place, node)]
            for part in parts:
                found.append(part)
                waiting += self._named(part)
        return found

    def _of_class(self, place: Place, left_out: frozenset[str]) -> Iterator["Reached"]:
        """The class's fields and the methods that can run: what is public, and what these name."""
        family = list(self._family(place))
        methods: dict[str, list[Reached]] = {}
        for owner, node in family:
            yield from (
                Reached(owner, part)
                for part in (*node.body, *node.decorator_list)
                if not isinstance(part, _FUNCTIONS)
            )
            for part in node.body:
                if isinstance(part, _FUNCTIONS):
                    own = Reached(owner, part, in_class=True)
                    methods.setdefault(part.name, []).append(own)
        waiting = [
            name
            for name in methods
            if name not in left_out and (not name.startswith("_") or name.startswith("__"))
        ]
        seen = set(left_out)
        while waiting:
            name = waiting.pop()
            if name in seen:
                continue
            seen.add(name)
            versions = methods[name]
            # An overridden method runs only where the one that overrides it says so.
            last = next((i for i, one in enumerate(versions) if not one.calls_super), len(versions))
            for one in versions[: last + 1]:
                yield one
                waiting += [attribute for attribute in one.attributes if attribute in methods]

    def _family(self, place: Place) -> Iterator[tuple[Place, ast.ClassDef]]:
        """The class and its bases in the package, the nearest first."""
        node = self.module(place.module).definitions.get(place.name)
        if not isinstance(node, ast.ClassDef):
            return
        yield place, node
        for base in node.bases:
            if isinstance(base, ast.Name):
                above = self.resolve(place.module, base.id)
                if above is not None and self.is_ours(above):
                    yield from self._family(above)

    def _named(self, part: "Reached") -> Iterator[Place]:
        local = _local(part.node)
        for node in nodes(part.node):
            match node:
                case ast.Name(id=name) if name not in local:
                    place = self.resolve(part.place.module, name)
                    if place is not None:
                        yield place
                case ast.Attribute(value=ast.Name(id=name), attr=attribute):
                    place = self.resolve(part.place.module, name)
                    if place is not None and not place.name:
                        yield Place(place.module, attribute)
                case _:
                    pass


_SCOPES = (*_FUNCTIONS, ast.ClassDef, ast.Lambda)
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


def _local(node: ast.AST) -> set[str]:
    """The variables of a function itself: there these names mean nothing of the module. Those of
    scopes within it are left out, since around them the names still may."""
    if not isinstance(node, _FUNCTIONS):
        return set()
    every = (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)
    found = {one.arg for one in every}
    waiting: list[ast.AST] = list(node.body)
    while waiting:
        one = waiting.pop()
        if isinstance(one, (*_SCOPES, *_COMPREHENSIONS)):
            continue
        if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store):
            found.add(one.id)
        waiting += ast.iter_child_nodes(one)
    return found - {
        name for one in ast.walk(node) if isinstance(one, ast.Global) for name in one.names
    }


class Reached(msgspec.Struct, frozen=True):
    """A piece of code that can run, and the definition that it stands in."""

    place: Place
    node: ast.AST
    in_class: bool = False

    @property
    def attributes(self) -> set[str]:
        """Every attribute that is read in it, methods of its own class among them."""
        return {node.attr for node in nodes(self.node) if isinstance(node, ast.Attribute)}

    @property
    def calls_super(self) -> bool:
        return any(isinstance(node, ast.Name) and node.id == "super" for node in nodes(self.node))

    @property
    def texts(self) -> set[str]:
        """Every text that is written in it."""
        return {
            node.value
            for node in nodes(self.node)
            if isinstance(node, ast.Constant) and isinstance(node.value, str)
        }

    def function_around(self, node: ast.AST) -> Function | None:
        """The innermost function that `node` stands in."""
        around = None
        for outer in nodes(self.node):
            if isinstance(outer, _FUNCTIONS) and any(inner is node for inner in ast.walk(outer)):
                around = outer
        return around


def parameters(function: Function) -> tuple[str, ...]:
    """The names that a caller fills by place, without `self`, and then those by name."""
    places = [one.arg for one in (*function.args.posonlyargs, *function.args.args)]
    if places[:1] in (["self"], ["cls"]):
        del places[0]
    return (*places, *(one.arg for one in function.args.kwonlyargs))


def arguments(call: ast.Call, names: Sequence[str]) -> Given:
    """What a call gives to parameters of these names."""
    given: Given = {one.arg: one.value for one in call.keywords}
    return given | dict(zip(names, call.args, strict=False))


def calls_to(reached: Iterable[Reached], function: Function, *, method: bool) -> Iterator[ast.Call]:
    """Every call of a function by its name; of a method, on whatever object."""
    for part in reached:
        for node in nodes(part.node):
            match node:
                case ast.Call(func=ast.Name(id=called)) if not method and called == function.name:
                    yield node
                case ast.Call(func=ast.Attribute(attr=called)) if (
                    method and called == function.name
                ):
                    yield node
                case _:
                    pass
