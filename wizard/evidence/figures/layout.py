"""Places a graph's nodes in rows, so that arrows lead down and cross little.

The usual four steps of layered drawing: rows by the longest way from above, points where an arrow
passes a row, an order in each row by the middle of the neighbours, and places by the same.
"""

from collections.abc import Mapping, Sequence
from itertools import pairwise

import msgspec

PER_ROW = 5
"""Nodes in a row at most; a fuller row becomes two."""
SWEEPS = 12

Pair = tuple[int, int]


class Placed(msgspec.Struct, frozen=True, kw_only=True):
    """A connected part of the graph, laid out from the origin."""

    nodes: Mapping[int, tuple[float, float]]
    """The middle of each node, and its row's number from above."""
    ways: Mapping[Pair, tuple[tuple[float, int], ...]]
    """Where each edge passes rows, from its source to its target, without its ends."""
    rows: int
    width: float


def parts(nodes: Sequence[int], edges: Sequence[Pair]) -> list[list[int]]:
    """The connected parts, the larger ones first."""
    root = {node: node for node in nodes}

    def find(node: int) -> int:
        while root[node] != node:
            root[node] = root[root[node]]
            node = root[node]
        return node

    for source, target in edges:
        root[max(find(source), find(target))] = min(find(source), find(target))
    found: dict[int, list[int]] = {}
    for node in nodes:
        found.setdefault(find(node), []).append(node)
    return sorted(found.values(), key=lambda part: (-len(part), part[0]))


def hub(nodes: Sequence[int], edges: Sequence[Pair]) -> tuple[int, list[list[int]]] | None:
    """The node without which a connected part falls into the smallest pieces, and these; pieces of
    one node are one piece together. None when no node holds it together alone."""
    best: tuple[int, list[list[int]]] | None = None
    for node in nodes:
        left = [one for one in nodes if one != node]
        pieces = parts(left, [pair for pair in edges if node not in pair])
        single = [piece[0] for piece in pieces if len(piece) == 1]
        joined = [piece for piece in pieces if len(piece) > 1] + ([single] if single else [])
        if len(joined) > 1 and (
            best is None or max(map(len, joined)) < max(len(one) for one in best[1])
        ):
            best = node, joined
    return best


def place(nodes: Sequence[int], edges: Sequence[Pair], *, wide: float, gap: float) -> Placed:
    """One connected part. `wide` is a node's width and `gap` what is between two."""
    down = _acyclic(nodes, edges)
    row = _split(_ranks(nodes, down))
    rows, chains = _with_points(row, down)
    _order(rows, chains)
    middle = _positions(rows, chains, wide, gap)
    left = min(middle[one] - _half(one, wide) for line in rows for one in line)
    right = max(middle[one] + _half(one, wide) for line in rows for one in line)
    at = {one: (middle[one] - left, number) for number, line in enumerate(rows) for one in line}
    ways: dict[Pair, tuple[tuple[float, int], ...]] = {}
    for pair in edges:
        turned = pair not in chains
        chain = chains[pair[::-1] if turned else pair]
        points = tuple(at[one] for one in chain[1:-1])
        ways[pair] = points[::-1] if turned else points
    return Placed(
        nodes={node: at[node] for node in nodes}, ways=ways, rows=len(rows), width=right - left
    )


def _acyclic(nodes: Sequence[int], edges: Sequence[Pair]) -> list[Pair]:
    """The edges, those that lead back turned round."""
    after: dict[int, list[int]] = {node: [] for node in nodes}
    for source, target in edges:
        after[source].append(target)
    done: set[int] = set()
    result: dict[Pair, None] = {}

    def visit(node: int, path: set[int]) -> None:
        path.add(node)
        for target in after[node]:
            if target in path:
                result[target, node] = None
                continue
            result[node, target] = None
            if target not in done:
                visit(target, path)
        path.discard(node)
        done.add(node)

    for node in nodes:
        if node not in done:
            visit(node, set())
    return list(result)


def _ranks(nodes: Sequence[int], edges: Sequence[Pair]) -> dict[int, int]:
    """The longest way from above; what nothing leads to stands right above what it leads to."""
    rank = dict.fromkeys(nodes, 0)
    for _ in nodes:
        for source, target in edges:
            rank[target] = max(rank[target], rank[source] + 1)
    above = {target for _, target in edges}
    for node in nodes:
        below = [rank[target] for source, target in edges if source == node]
        if node not in above and below:
            rank[node] = min(below) - 1
    return rank


def _split(rank: Mapping[int, int]) -> dict[int, int]:
    """Row numbers without holes, with at most `PER_ROW` nodes in a row."""
    row: dict[int, int] = {}
    number = 0
    for one in sorted(set(rank.values())):
        members = [node for node in rank if rank[node] == one]
        needed = -(-len(members) // PER_ROW)
        each = -(-len(members) // needed)
        for index, node in enumerate(members):
            row[node] = number + index // each
        number += needed
    return row


def _with_points(
    row: Mapping[int, int], edges: Sequence[Pair]
) -> tuple[list[list[int]], dict[Pair, list[int]]]:
    """The rows, with a negative number for each point where an edge passes one."""
    rows: list[list[int]] = [[] for _ in range(max(row.values()) + 1)]
    for node, number in row.items():
        rows[number].append(node)
    chains: dict[Pair, list[int]] = {}
    point = 0
    for source, target in edges:
        chain = [source]
        for number in range(row[source] + 1, row[target]):
            point -= 1
            rows[number].append(point)
            chain.append(point)
        chains[source, target] = [*chain, target]
    return rows, chains


def _order(rows: list[list[int]], chains: Mapping[Pair, list[int]]) -> None:
    above, below = _neighbours(chains)
    best = [list(line) for line in rows]
    least = _crossings(rows, below)
    for sweep in range(SWEEPS):
        lines, around = (rows, above) if sweep % 2 == 0 else (rows[::-1], below)
        for before, line in pairwise(lines):
            at = {one: index for index, one in enumerate(before)}
            own = {one: index for index, one in enumerate(line)}

            def middle(one: int, at: Mapping[int, int], own: Mapping[int, int]) -> float:
                near = [at[other] for other in around[one] if other in at]  # noqa: B023  now
                return sum(near) / len(near) if near else own[one]

            line.sort(key=lambda one: (middle(one, at, own), own[one]))
        if (crossings := _crossings(rows, below)) < least:
            least, best = crossings, [list(line) for line in rows]
    rows[:] = best


def _crossings(rows: Sequence[Sequence[int]], below: Mapping[int, Sequence[int]]) -> int:
    count = 0
    for upper, lower in pairwise(rows):
        at = {one: index for index, one in enumerate(lower)}
        ends = [at[other] for one in upper for other in sorted(below[one], key=at.__getitem__)]
        count += sum(
            1 for index, one in enumerate(ends) for other in ends[index + 1 :] if other < one
        )
    return count


def _neighbours(
    chains: Mapping[Pair, Sequence[int]],
) -> tuple[dict[int, list[int]], dict[int, list[int]]]:
    above: dict[int, list[int]] = {}
    below: dict[int, list[int]] = {}
    for chain in chains.values():
        for upper, lower in pairwise(chain):
            below.setdefault(upper, []).append(lower)
            above.setdefault(lower, []).append(upper)
    every = {*above, *below}
    return {one: above.get(one, []) for one in every}, {one: below.get(one, []) for one in every}


def _half(one: int, wide: float) -> float:
    return wide / 2 if one >= 0 else 5.0


def _positions(
    rows: Sequence[Sequence[int]], chains: Mapping[Pair, Sequence[int]], wide: float, gap: float
) -> dict[int, float]:
    """Each towards the middle of its neighbours, as far as those beside it let it."""
    above, below = _neighbours(chains)
    middle: dict[int, float] = {}
    for line in rows:
        at = 0.0
        for one in line:
            middle[one] = at + _half(one, wide)
            at += 2 * _half(one, wide) + gap
        for one in line:
            middle[one] -= at / 2
    for sweep in range(2 * SWEEPS):
        for line in rows if sweep % 2 == 0 else rows[::-1]:
            wished = []
            for one in line:
                near = [middle[other] for other in (*above.get(one, ()), *below.get(one, ()))]
                wished.append(sum(near) / len(near) if near else middle[one])
            for one, x in zip(line, _apart(line, wished, wide, gap), strict=True):
                middle[one] = x
    return middle


def _apart(line: Sequence[int], wished: Sequence[float], wide: float, gap: float) -> list[float]:
    """The places nearest to those wished for that keep order and distance: where some would
    overlap they stand together around the middle of what they wish."""
    blocks: list[tuple[float, int, float]] = []
    """Sum of the wishes for the first one's place, how many, and the width from first to last."""
    offsets: list[float] = []
    for index, one in enumerate(line):
        step = 0.0
        if index:
            step = _half(line[index - 1], wide) + gap + _half(one, wide)
        total, count, width, first = wished[index], 1, 0.0, step
        offsets.append(0.0)
        blocks.append((total, count, width))
        gaps_before = first
        while len(blocks) > 1:
            left_total, left_count, left_width = blocks[-2]
            total, count, width = blocks[-1]
            if left_total / left_count + left_width + gaps_before <= total / count:
                break
            shift = left_width + gaps_before
            for back in range(index - count + 1, index + 1):
                offsets[back] += shift
            blocks[-2:] = [(left_total + total - count * shift, left_count + count, shift + width)]
            start = index - left_count - count + 1
            if start == 0:
                break
            gaps_before = _half(line[start - 1], wide) + gap + _half(line[start], wide)
    places: list[float] = []
    for total, count, _ in blocks:
        base = total / count
        places += [base + offsets[len(places) + one] for one in range(count)]
    return places
