"""Random valid protocols with everything that the format has, for what has to hold for all."""

from typing import Any

from hypothesis import strategies as st

from planner.protocol.model import Protocol

Part = dict[str, Any]

LINES = st.sampled_from(
    [
        "Dosing session",
        'Prä 1: <b>& "quoted"</b>',
        "=1+1",
        "第一",
        "x",
        " two  blanks ",
        "№ 5",
        "null",
    ]
)
TEXTS = LINES | st.sampled_from(["Two\nlines\n", "a\n\n- list\n", '{"json": [1]}', "𝔘 astral"])
GRADES = ("verified", "secondary", "derived", "assumed", "unverified", "retracted")
VISIT_KINDS = (
    "screening", "run-in", "baseline", "randomization", "preparation", "dosing", "integration",
    "discharge", "assessment", "contact", "follow-up", "unblinding", "washout", "maintenance",
    "termination",
)  # fmt: skip
DAYS = (
    "0d",
    "1d",
    "3d",
    "1w",
    "10d",
    "4w",
    "1mo",
    "6mo",
    "1y2mo",
    "-2d",
    "-1w",
    "5bd",
    "-3bd",
    "-1mo",
)
CLOCK = ("0min", "30min", "90min", "24h", "26h", "-30min")
DAY_WINDOWS = (
    "1d", "0d..2d", "1w..2w", "3d..", "..4w", "-3d..3d", "28d..1mo", "1mo..8w", "5mo..7mo", ">=1mo",
    "-2w..-1w", "3w..5w", "1y..", "5bd..10bd", "-2bd..3d",
)  # fmt: skip
CLOCK_WINDOWS = ("24h", "0h..4h", "30min..", "..72h", "20h..28h", "-90min..-30min")
ORDERS = ("listed", "any")
TOLERANCES = ("±1d", "±3d", "-2d/+4d", "-0d/+1w", "±1mo")


@st.composite
def protocols(draw: st.DrawFn) -> Protocol:
    """A protocol with cycles, arms, decisions, run sheets, tracks and all forms of timing."""
    return Protocol.model_validate(_Maker(draw).document())


class _Maker:
    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw
        self.sources: list[str] = []
        self.arms = self._ids("arm", 0, 3)
        self.roles = self._ids("role", 0, 2)
        self.activities = self._ids("activity", 0, 3) + (["dosing"] if self._likely() else [])
        self.decisions = self._ids("decision", 0, 2)
        self.gates = self._ids("gate", 0, 2)
        self.footnotes = self._ids("footnote", 0, 2)
        self.sources = self._ids("source", 0, 2)
        self.epochs = self._ids("epoch", 1, 4)
        self.visits: list[str] = []
        self.epoch_of: dict[str, str] = {}
        self.names: list[str] = []

    def _ids(self, stem: str, least: int, most: int) -> list[str]:
        return [f"{stem}-{number}" for number in range(1, self.draw(st.integers(least, most)) + 1)]

    def _likely(self, chance: int = 3) -> bool:
        return self.draw(st.integers(1, chance)) == 1

    def _one(self, *values: Any) -> Any:
        return self.draw(st.sampled_from(values))

    def _some(self, values: list[str]) -> list[str]:
        return [value for value in values if self._likely(2)]

    def _maybe(self, part: Part, key: str, value: Any, chance: int = 3) -> None:
        if self._likely(chance):
            part[key] = value() if callable(value) else self.draw(value)

    def _stated(self, part: Part) -> Part:
        if self.sources:
            self._maybe(part, "source", lambda: self._one(self.sources, self.sources[0]))
        self._maybe(part, "grade", st.sampled_from(GRADES), 4)
        self._maybe(part, "note", TEXTS, 4)
        return part

    def document(self) -> Part:
        shapes = [(epoch, self._cycle()) for epoch in self.epochs]
        for number, (epoch, cycle) in enumerate(shapes):
            least = 1 if number == 0 else 0
            for at in range(self.draw(st.integers(least, 3))):
                name = self._one(f"visit-{number}-{at}", f"dosing-x{number}{at}")
                self.visits.append(name)
                times = 0 if cycle is None else cycle.get("at_most", cycle["times"])
                times = max(times.values()) if isinstance(times, dict) else times
                self.names += [f"{name}-{one + 1}" for one in range(times)] or [name]
                self.epoch_of[name] = epoch
        epochs = [self._epoch(*shape, number) for number, shape in enumerate(shapes)]
        data: Part = {
            "format": 1,
            "id": self._one("random", "a-1"),
            "title": self.draw(LINES),
            "version": self._one("1", "2.0 draft"),
            "status": self._one("published", "illustrative", "draft"),
            "design": self._one(
                ["open-label", "single-group"], ["double-blind"], "crossover", ["triple-blind"],
                ["single-blind", "wait-list"], ["parallel", "quadruple-blind"],
            ),
            "anchor": self._reference("anchor"),
            "epochs": epochs,
        }  # fmt: skip
        return self._around(data)

    def _around(self, data: Part) -> Part:
        self._maybe(data, "date", st.just("2027-01-31"))
        self._maybe(data, "registry", lambda: self._one("NCT00000001", ["NCT00000001", "x 1"]))
        self._maybe(data, "blinded", lambda: self._one("rater", ["participant", "sponsor"]))
        self._maybe(data, "allocation", st.just("2:1"))
        self._maybe(data, "substance", lambda: self._one("mdma", ["lsd", "psilocybin"]))
        self._maybe(data, "condition", LINES)
        self._maybe(data, "day_zero", st.booleans())
        self._maybe(data, "order", st.just("listed"))
        self._maybe(data, "conventions", lambda: self._one(
            {"visit_time": "10:00"},
            {"target_without_window": "preferred", "weights": {"dosing": 5}},
            {"visit_length": "45min"},
        ))  # fmt: skip
        self._maybe(data, "notices", lambda: [
            {"kind": "caution", "date": "2026-01-01", "text": self.draw(TEXTS)}
        ])  # fmt: skip
        data["sources"] = {
            key: {"kind": "registry", "read": "abstract", "doi": "10.1/x"} for key in self.sources
        }
        data["roles"] = {key: self._stated({"count": 2, "blinded": True}) for key in self.roles}
        data["activities"] = {key: self._activity() for key in self.activities}
        data["arms"] = [self._arm(key) for key in self.arms]
        data["decisions"] = {key: self._decision() for key in self.decisions}
        data["gates"] = {key: self._stated({"title": self.draw(LINES)}) for key in self.gates}
        data["footnotes"] = {key: self.draw(TEXTS) for key in self.footnotes}
        self._maybe(data, "constraints", lambda: [self._constraint() for _ in range(2)])
        self._maybe(data, "between_participants", lambda: [
            self._stated({"id": "sentinel", "visit": self._one(*self.visits), **self._one(
                {"after": "first-participants", "number": 2, "at_least": "24h"},
                {"after": "cohort-before", "of": self._one(*self.visits), "at_least": "1w"},
                {"together": True},
            )}),
        ])  # fmt: skip
        self._maybe(data, "tracks", lambda: [self._track(number) for number in range(2)])
        self._maybe(data, "reminders", lambda: [
            self._stated({
                "id": "order", "title": "Order", "by": self._one("5bd", "2w", "0d"),
                self._one("before", "after"): self._reference("anchor"),
            })
        ])  # fmt: skip
        self._maybe(data, "disagreements", lambda: [
            {"about": self._one(*self.visits), "what": "duration", "readings": {"a": "1", "b": "2"}}
        ])  # fmt: skip
        self._maybe(data, "ignore", lambda: [{"rule": "untied", "reason": "made up"}])
        return self._stated(data)

    def _arm(self, key: str) -> Part:
        arm: Part = {"id": key}
        self._maybe(arm, "title", LINES)
        self._maybe(arm, "label", st.just("80 or 120 mg; total 80-180 mg"))
        self._maybe(arm, "periods", st.just(["first", "second"]))
        return self._stated(arm)

    def _activity(self) -> Part:
        part: Part = {}
        self._maybe(part, "title", LINES)
        self._maybe(part, "endpoint", st.sampled_from(["primary", "secondary"]))
        if self.roles:
            self._maybe(part, "by", lambda: self.roles[0])
        if self.footnotes:
            self._maybe(part, "footnotes", lambda: self.footnotes)
        return self._stated(part)

    def _decision(self) -> Part:
        part: Part = {}
        self._maybe(part, "title", LINES)
        self._maybe(part, "condition", TEXTS)
        self._maybe(part, "expression", lambda: self._one(
            "not remission", "score >= 10 or response in (none, partial)", "unblinded and x == y"
        ))  # fmt: skip
        return self._stated(part)

    def _cycle(self) -> Part | None:
        if not self._likely():
            return None
        cycle: Part = {"times": self.draw(st.integers(1, 3))}
        if self.arms and self._likely():
            cycle["times"] = {self.arms[0]: 2, self.arms[-1]: self.draw(st.integers(1, 3))}
        if self.decisions and self._likely():
            cycle |= {"until": self.decisions[0], "at_most": 2}
        self._maybe(cycle, "breaks", lambda: [{"after": 1, "length": self._one("2w", "1mo")}])
        return self._stated(cycle)

    def _epoch(self, key: str, cycle: Part | None, number: int) -> Part:
        epoch: Part = {"id": key}
        self._maybe(epoch, "title", LINES)
        self._maybe(
            epoch, "kind", st.sampled_from(["screening", "run-in", "dosing", "maintenance"])
        )
        self._maybe(epoch, "order", st.sampled_from(ORDERS), 5)
        if cycle is not None:
            epoch["cycle"] = cycle
        if self.arms and number:
            self._maybe(epoch, "arms", lambda: self._one(self.arms[:1], self.arms))
        names = [name for name in self.visits if self.epoch_of[name] == key]
        epoch["visits"] = [
            self._visit(name, cycle, is_first=not number and not at)
            for at, name in enumerate(names)
        ]
        return self._stated(epoch)

    def _visit(self, name: str, cycle: Part | None, *, is_first: bool) -> Part:
        visit: Part = {"id": name}
        self._maybe(visit, "title", LINES, 2)
        self._maybe(visit, "kind", st.sampled_from(VISIT_KINDS))
        self._maybe(visit, "mode", st.sampled_from(["clinic", "phone", "video", "home"]))
        others = [mode for mode in ("clinic", "phone") if mode != visit.get("mode", "clinic")]
        self._maybe(visit, "also_by", st.sampled_from([others]))
        self._maybe(visit, "duration", lambda: self._one("90min", "6h..8h", {"value": "2h"}))
        self._maybe(visit, "overnight", lambda: self._one(True, False, 2, {"until": "09:00"}), 5)
        self._maybe(visit, "at", lambda: self._one("09:00", "08:30..10:00"))
        self._maybe(visit, "facility", st.just("ward"), 5)
        self._maybe(visit, "during", lambda: self._one(*self.visits), 5)
        self._maybe(visit, "weekdays", lambda: self._one("monday", ["tuesday", "friday"]), 5)
        self._maybe(visit, "room", st.just("dosing-room"), 5)
        self._maybe(visit, "participants", lambda: self._one(2, "4..6"), 5)
        self._maybe(visit, "arrange", st.just(["escort"]), 5)
        self._maybe(visit, "endpoint", st.just("primary"), 5)
        self._maybe(visit, "weight", st.just(7), 5)
        self._maybe(visit, "order", st.sampled_from(ORDERS), 5)
        if cycle is None:
            self._maybe(visit, "date", st.just("2027-06-30"), 6)
        if not is_first:
            self._maybe(visit, "optional", st.booleans(), 5)
            self._maybe(visit, "unscheduled", st.booleans(), 5)
            if self.decisions:
                self._maybe(visit, "when", lambda: self._one(*self.decisions))
            if self.arms:
                self._maybe(visit, "arms", lambda: self._one(self.arms[:1], self.arms[-1:]), 4)
        for key, known in (("requires", self.gates), ("activities", self.activities),
                           ("footnotes", self.footnotes)):  # fmt: skip
            chosen = self._some(known)
            if chosen:
                visit[key] = chosen
        if self.roles:
            self._maybe(visit, "staff", lambda: self._one(self.roles, {self.roles[0]: 2}))
        self._maybe(visit, "run_sheet", self._run_sheet, 3)
        has_breaks = cycle is not None and "breaks" in cycle
        fields = ("after", "before") if cycle is None else ("after", "first", "next")
        for field in fields:
            self._maybe(visit, field, lambda: self._timings(has_breaks), 2)
        if self.arms:
            self._maybe(visit, "by_arm", lambda: self._by_arm(has_breaks), 5)
        return self._stated(visit)

    def _by_arm(self, has_breaks: bool) -> Part:
        part: Part = {}
        self._maybe(part, "title", lambda: self._one("Other", None))
        self._maybe(part, "after", lambda: self._one(None, self._timings(has_breaks)))
        self._maybe(part, "mode", lambda: self._one("phone", None))
        return {self.arms[0]: part}

    def _timings(self, has_breaks: bool) -> list[Part]:
        return [self._timing(has_breaks) for _ in range(self.draw(st.integers(1, 2)))]

    def _timing(self, has_breaks: bool) -> Part:
        part: Part = {"visit": self._reference("timing")}
        if has_breaks or self.draw(st.booleans()):
            windows, targets, tolerances = DAY_WINDOWS, DAYS, TOLERANCES
        else:
            windows, targets, tolerances = CLOCK_WINDOWS, CLOCK, ("±1h", "-1h/+30min")
        shape = self._one("window", "target", "both", "tolerance", "not-published", "order")
        if shape not in ("window", "order"):
            part["target"] = self._one(*targets)
        if shape == "tolerance":
            part["within"] = self._one(*tolerances)
        elif shape in ("window", "both"):
            part["within"] = self._one(*windows)
        elif shape != "target":
            part["window"] = "not-published"
        self._maybe(part, "of", st.just("end"), 6)
        if self.arms:
            self._maybe(part, "arms", lambda: self.arms[:1], 6)
        return self._stated(part)

    def _reference(self, what: str) -> str:
        name = self._one(*self.visits, *self.names)
        if what != "anchor":
            which = self._one("", "", "first ", "last ", "previous ", "next ")
            return f"{which}{name}{self._one('', '', '.end', '.start')}"
        return str(name)

    def _constraint(self) -> Part:
        part: Part = {
            "from": self._one(*self.names),
            "to": self._one(*self.names) + self._one("", ".end"),
            "within": self._one(*DAY_WINDOWS),
        }
        self._maybe(part, "id", st.sampled_from(["c-1", "c-2"]))
        return self._stated(part)

    def _track(self, number: int) -> Part:
        part: Part = {"id": f"track-{number}", "from": self._one(*self.names)}
        if self.draw(st.booleans()):
            part["times"] = 42
        else:
            part["until"] = self._one(*self.names)
        self._maybe(part, "offset", st.just("1d"))
        self._maybe(part, "at", st.sampled_from(["20:00", ["08:00", "20:30"]]))
        return self._stated(part)

    def _run_sheet(self) -> Any:
        items: list[Part] = []
        for number in range(self.draw(st.integers(1, 4))):
            item: Part = {"id": self._one(f"item-{number}", f"x-{number}", self.visits[0])}
            if any(one["id"] == item["id"] for one in items):
                continue
            if items and self._likely(2):
                item["after"] = self._one(*items)["id"]
                if "arms" in items[0]:
                    item["arms"] = items[0]["arms"]
                item |= self._one(
                    {"within": "60min..90min"},
                    {"target": "80min"},
                    {"within": "1h.."},
                    {"target": "80min", "within": "-5min/+10min"},
                )
            else:
                item["at"] = self._one("0min", "-1h", "90min", "60min..90min", "6h30min")
                if ".." not in item["at"]:
                    self._maybe(item, "within", st.just("±2min"))
            self._maybe(item, "title", LINES)
            self._maybe(item, "kind", st.just("check"))
            self._maybe(item, "optional", st.just(True))
            if self._likely(4):
                item |= {"every": self._one("15min", "60min..90min"), "times": 4}
            if self.decisions:
                self._maybe(item, "when", lambda: self._one(*self.decisions))
            if self.arms and "after" not in item and not items:
                self._maybe(item, "arms", lambda: [self.arms[-1]])
            if self.activities:
                self._maybe(item, "activity", lambda: self.activities[0])
            items.append(self._stated(item))
        return self._one(items, {"zero": "1h", "items": items})
