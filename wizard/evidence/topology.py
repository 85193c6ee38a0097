"""What was made and what it hangs together with, as a graph: things of one kind that hang together
in the same way are one node, however many they are."""

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from wizard.session.state import SessionState
from wizard.step import Related, Thing

MANY = 4
"""So many alike are one node."""
MOST = 48
"""With more nodes than this, all of one kind and standing are one."""
NAMED = 3
"""How many of one node are named in the picture."""

NEW, CHANGED, KEPT, REFERRED = "new", "changed", "kept", "referred"
STANDINGS: Mapping[str, str] = {
    NEW: "new in this run",
    CHANGED: "was there, changed in this run",
    KEPT: "was there, left as it was",
    REFERRED: "not of this run, referred to",
}
"""In the order in which one says more than another."""


class Node(msgspec.Struct, frozen=True, kw_only=True):
    """One thing, or many alike."""

    id: int
    kind: str
    names: tuple[str, ...]
    standing: str

    @property
    def heading(self) -> str:
        """`load balancer`, or `300 functions`."""
        many = len(self.names)
        return self.kind if many == 1 else f"{many} {plural(self.kind)}"

    @property
    def named(self) -> str:
        """What it is, and by what name."""
        return f"{self.heading} {self.label}"

    @property
    def told(self) -> str:
        """How it stands to the run."""
        return STANDINGS[self.standing]

    @property
    def label(self) -> str:
        """The name, or the first names and how many more."""
        more = len(self.names) - NAMED
        named = ", ".join(self.names[:NAMED])
        return f"{named} and {more} more" if more > 0 else named


class Edge(msgspec.Struct, frozen=True, kw_only=True):
    """`source` does it to `target`: ids of nodes."""

    source: int
    verb: str
    target: int


class Topology(msgspec.Struct, frozen=True, kw_only=True):
    """The graph, its nodes in a fixed order."""

    nodes: tuple[Node, ...] = ()
    edges: tuple[Edge, ...] = ()

    def rows(self) -> list[tuple[Node, str, Node | None]]:
        """The picture in words: a thing, what it does, and to what. What hangs together with
        nothing comes last and alone."""
        node = {one.id: one for one in self.nodes}
        told: list[tuple[Node, str, Node | None]] = [
            (node[edge.source], edge.verb, node[edge.target]) for edge in self.edges
        ]
        tied = {end for edge in self.edges for end in (edge.source, edge.target)}
        return [*told, *((one, "", None) for one in self.nodes if one.id not in tied)]


def plural(kind: str) -> str:
    """`policies`, `load balancers`."""
    return f"{kind[:-1]}ies" if kind.endswith("y") else f"{kind}s"


def topology(told: Iterable[Related], state: SessionState) -> Topology:
    """The graph of what the items found last."""
    told = list(told)
    graph = _Graph()
    for one in told:
        before = {(thing.kind, thing.key) for thing in one.before}
        changed = state.item(one.item).how == "changed"
        for thing in one.things:
            was_there = (thing.kind, thing.key) in before
            graph.add(thing, (CHANGED if changed else KEPT) if was_there else NEW)
    for one in told:
        for relation in one.relations:
            graph.relate(relation.thing, relation.verb, relation.other)
    return graph.grouped()


class _Graph:
    """Things by one key each, and what was said of two of them last."""

    def __init__(self) -> None:
        self._things: list[Thing] = []
        self._standing: list[str] = []
        self._place: dict[tuple[str, str], int] = {}
        self._edges: dict[tuple[int, int], str] = {}

    def add(self, thing: Thing, standing: str) -> int:
        keys = [(thing.kind, key) for key in (thing.key, *thing.also)]
        place = next((self._place[key] for key in keys if key in self._place), None)
        if place is None:
            place = len(self._things)
            self._things.append(thing)
            self._standing.append(standing)
        elif _RANK[standing] < _RANK[self._standing[place]]:
            self._standing[place] = standing
        for key in keys:
            self._place.setdefault(key, place)
        return place

    def relate(self, thing: Thing, verb: str, other: Thing) -> None:
        pair = (self.add(thing, REFERRED), self.add(other, REFERRED))
        self._edges[pair] = verb

    def grouped(self) -> Topology:
        classes = self._alike()
        if len(set(classes)) > MOST:
            classes = _numbered(self._first())
        members: dict[int, list[int]] = {}
        for place, number in enumerate(classes):
            members.setdefault(number, []).append(place)
        node_of: dict[int, int] = {}
        nodes: list[Node] = []
        for places in sorted(members.values()):
            parts = [places] if len(places) >= MANY else [[one] for one in places]
            for part in parts:
                node_of |= dict.fromkeys(part, len(nodes))
                nodes.append(self._node(len(nodes), part))
        edges = {
            (node_of[source], verb, node_of[target]): None
            for (source, target), verb in self._edges.items()
            if node_of[source] != node_of[target]
        }
        return Topology(
            nodes=tuple(nodes),
            edges=tuple(Edge(source=one, verb=verb, target=other) for one, verb, other in edges),
        )

    def _node(self, number: int, places: Sequence[int]) -> Node:
        return Node(
            id=number,
            kind=self._things[places[0]].kind,
            names=tuple(self._things[place].name for place in places),
            standing=self._standing[places[0]],
        )

    def _first(self) -> list[tuple[str, str]]:
        return [
            (thing.kind, standing)
            for thing, standing in zip(self._things, self._standing, strict=True)
        ]

    def _alike(self) -> list[int]:
        """Classes by what hangs together with what, refined until nothing tells more apart."""
        classes = _numbered(self._first())
        while True:
            seen: list[set[tuple[int, str, int]]] = [set() for _ in classes]
            for (source, target), verb in self._edges.items():
                seen[source].add((0, verb, classes[target]))
                seen[target].add((1, verb, classes[source]))
            finer = _numbered(
                [(own, tuple(sorted(around))) for own, around in zip(classes, seen, strict=True)]
            )
            if len(set(finer)) == len(set(classes)):
                return classes
            classes = finer


_RANK = {standing: rank for rank, standing in enumerate(STANDINGS)}


def _numbered(values: Sequence[object]) -> list[int]:
    numbers: dict[object, int] = {}
    return [numbers.setdefault(value, len(numbers)) for value in values]
