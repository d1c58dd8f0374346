"""Maximum flow and minimum cut, for small networks that can carry little.

Dinic's algorithm (1970) in plain Python without recursion: O(n^2 m) at worst, and in practice a
few rounds over the arcs. Capacities are integers of any size.
"""

SOURCE = 0
SINK = 1
UNLIMITED = 1 << 90
"""More than any sum of costs; an arc that no minimum cut can cut."""


class FlowNetwork:
    """Nodes ``0`` (source), ``1`` (sink) and more; arc ``i`` and its opposite ``i ^ 1`` are a pair.

    ``left[i]`` is what arc ``i`` can still carry.
    """

    __slots__ = ("arcs", "heads", "left")

    def __init__(self, nodes: int) -> None:
        self.arcs: list[list[int]] = [[] for _ in range(nodes)]
        self.heads: list[int] = []
        self.left: list[int] = []

    def connect(self, tail: int, head: int, forth: int, back: int = 0) -> None:
        """Adds what it costs to cut tail (source's side) from head, and ``back`` the other way.

        Args:
            tail: a node, counted from 0.
            head: a node, counted from 0.
            forth: 0 or more.
            back: 0 or more, for the head on the source's side and the tail on the other.
        """
        number = len(self.heads)
        self.arcs[tail].append(number)
        self.arcs[head].append(number + 1)
        self.heads += (head, tail)
        self.left += (forth, back)

    def cut(self) -> list[bool]:
        """Saturates the network; of all minimum cuts the one with the fewest nodes at the source.

        That one is unique and contained in the source's side of any other.
        """
        while True:
            levels = self._levels()
            if levels[SINK] < 0:
                return [level >= 0 for level in levels]
            self._block(levels)

    def _levels(self) -> list[int]:
        """How many arcs away from the source each node is; -1 where nothing more can flow."""
        arcs, heads, left = self.arcs, self.heads, self.left
        levels = [-1] * len(arcs)
        levels[SOURCE] = 0
        queue = [SOURCE]
        for node in queue:  # grows while it is walked
            deeper = levels[node] + 1
            for arc in arcs[node]:
                if left[arc] and levels[heads[arc]] < 0:
                    levels[heads[arc]] = deeper
                    queue.append(heads[arc])
        return levels

    def _block(self, levels: list[int]) -> None:
        """Fills paths along rising levels until there is none left."""
        arcs, heads, left = self.arcs, self.heads, self.left
        nexts = [0] * len(arcs)  # the arcs before these are of no use any more
        path: list[int] = []
        node = SOURCE
        while True:
            if node == SINK:
                amount = min([left[arc] for arc in path])
                for arc in path:
                    left[arc] -= amount
                    left[arc ^ 1] += amount
                # Everything up to the first full arc can be walked again.
                full = next(at for at, arc in enumerate(path) if not left[arc])
                node = heads[path[full] ^ 1]
                del path[full:]
            own = arcs[node]
            at = nexts[node]
            while at < len(own):
                arc = own[at]
                if left[arc] and levels[heads[arc]] == levels[node] + 1:
                    break
                at += 1
            nexts[node] = at
            if at < len(own):
                path.append(arc)
                node = heads[arc]
            elif path:
                node = heads[path.pop() ^ 1]
                nexts[node] += 1
            else:
                return
