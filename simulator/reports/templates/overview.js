// The first screen: the verdict and what it rests on, clauses by family, failures by cause, what changed.
function top_(report) {
  const good = report.exit === 0, sums = report.summary;
  return [
    el("div", { class: "verdict-line" }, el("h1", {}, el("a", { href: "#" }, report.collector), " ", el("span", { class: good ? "verdict pass" : "verdict fail" }, `${good ? "✓" : "✗"} ${page.word}`)),
      el("p", {}, ["passed", "failed", "skipped", "errors"].map((name) => el("span", { class: "sum" }, el("b", {}, number(sums[name])), ` ${name} `)), counted(report.scenarios.length, "scenario run"))),
    controls(),
  ];
}
function controls() {
  const now = address(), report = page.report;
  const families = [...new Set(report.clauses.map((row) => familyOf(row.slug)))], worlds = [...new Set(report.scenarios.map((run) => run.world))];
  const changed = (name) => (event) => { readdress({ [name]: event.target.value }); draw(); };
  const choice = (name, values) => el("label", {}, name, " ", el("select", { id: `filter-${name}`, onchange: changed(name) },
    el("option", { value: "" }, "all"), values.map((value) => el("option", { value, selected: now.get(name) === value }, value))));
  return el("form", { class: "filters", role: "search", onsubmit: (event) => event.preventDefault() },
    el("label", {}, "search ", el("input", { id: "filter-q", type: "search", value: now.get("q") || "", placeholder: "quota, a scenario, an extension", oninput: changed("q") })),
    choice("family", families), choice("verdict", Object.keys(SIGNS)), choice("world", worlds),
    el("nav", { "aria-label": "views" }, el("a", { href: "#" }, "overview"), " ", el("a", { href: link({ view: "matrix" }) }, "matrix")));
}
function overview() {
  const report = page.report;
  return [basis(report), changes(), grid(), causes(), expected(), runs(), clauseTable()];
}
function basis(report) {
  const { made, kit } = report, rests = report.basis, seeds = [...new Set(report.scenarios.map((run) => run.seed))];
  const skipped = report.scenarios.filter((run) => run.verdict === "skip");
  const facts = [
    ["made", [made.at, made.seconds ? `in ${made.seconds} s` : "", made.command && `by simulate ${made.command}`].filter(Boolean).join(", ")],
    ["with", [`${kit.name} ${kit.version}`, made.python, made.system].filter(Boolean).join(" · ")],
    ["world and seeds", `${report.world} · seed ${seeds.slice(0, 5).join(", ")}${seeds.length > 5 ? ` and ${seeds.length - 5} more` : ""}`],
    ["profile and level", `${rests.profile || "nobody's profile"} · ${rests.level || "core and hardened"}`],
    ["not run", `${rests.stopped ? "it ended before all had run; " : ""}${counted(skipped.length, "scenario run")} skipped`],
  ];
  const told = (value) => (typeof value === "object" ? JSON.stringify(value) : String(value));
  const list = (name, values) => el("details", {}, el("summary", {}, `${name} (${Object.keys(values).length})`),
    table(name, ["name", "value"], Object.entries(values).map(([key, value]) => [el("code", {}, key), told(value)])));
  return el("section", { "aria-labelledby": "basis" }, el("h2", { id: "basis" }, "What the verdict rests on"),
    el("dl", { class: "facts" }, facts.filter(([, text]) => text).map(([name, text]) => el("div", {}, el("dt", {}, name), el("dd", {}, text)))),
    list("capabilities that it declares", rests.capabilities), list("limits that it was judged by", rests.limits),
    skipped.length > 0 && el("details", {}, el("summary", {}, `what was skipped, and why (${skipped.length})`),
      table("skipped", ["scenario", "world", "why"], skipped.map((run) => [run.id, run.world, [run.kind, run.detail].filter(Boolean).join(": ")]))));
}
function changes() {
  if (!page.changes.length) return null;
  return el("section", { "aria-labelledby": "changes" }, el("h2", { id: "changes" }, "Since the baseline"), el("ul", {}, page.changes.map((text) => el("li", {}, text))));
}
function grid() {
  const f = filters(), families = new Map();
  for (const row of page.report.clauses) if (showsRow(row, f)) families.set(familyOf(row.slug), [...(families.get(familyOf(row.slug)) || []), row]);
  const cell = (row) => el("a", { class: `cell ${row.verdict}`, href: link({ clause: row.slug }), "data-slug": row.slug, title: `${row.slug}: ${row.verdict} ${row.kind} ${row.reason}`, "aria-label": `${row.slug}: ${row.verdict} ${row.kind} ${row.change || ""}` },
    el("span", { "aria-hidden": "true" }, SIGNS[row.verdict]), el("span", { class: "name" }, row.slug.slice(row.slug.indexOf(".") + 1)), row.change && el("span", { class: "change" }, row.change));
  return el("section", { "aria-labelledby": "grid" }, el("h2", { id: "grid" }, "Clauses by family"),
    el("dl", { class: "grid" }, [...families].map(([family, rows]) => el("div", {}, el("dt", {}, family), el("dd", {}, rows.map(cell))))),
    !families.size && el("p", {}, "No clause matches."));
}
function causes() {
  const f = filters(), shown = page.causes.filter((cause) => cause.runs.some((index) => showsRun(page.report.scenarios[index], { ...f, verdict: "" })));
  if (!page.causes.length) return null;
  return el("section", { "aria-labelledby": "failures" }, el("h2", { id: "failures" }, `Failures, by their causes (${shown.length})`), shown.map(causeOf));
}
// Why it fails, as `simulate why` tells it; nothing where nobody looked.
function why(run) {
  return run.cause && run.cause.length > 0 && el("details", { class: "why", open: true }, el("summary", {}, "why"), lines(run.cause));
}
function causeOf(cause) {
  const all = page.report.scenarios, first = all[cause.runs[0]];
  const victims = cause.runs.flatMap((index) => Object.entries(all[index].victims).map(([name, count]) => `${name}, ${counted(count, "event")}, in ${all[index].id}`));
  return el("article", { class: "cause" }, el("h3", {}, cause.title),
    el("p", {}, `In ${counted(cause.runs.length, "scenario run")}: `, cause.runs.slice(0, 40).map((index) => [runLink(index, `${all[index].id} (${all[index].world})`), " "]), cause.runs.length > 40 && `and ${cause.runs.length - 40} more`),
    el("ul", {}, Object.entries(cause.clauses).map(([slug, reason]) => el("li", {}, clauseLink(slug), ": ", reason)), victims.slice(0, 20).map((text) => el("li", {}, `victim: ${text}`))),
    Object.entries(cause.stories).map(([slug, story]) => el("details", {}, el("summary", {}, `the records of ${slug}`), lines(story))),
    why(first),
    cause.said.length > 0 && el("details", { open: true }, el("summary", {}, "what the collector said"), lines(cause.said)),
    line(first.reproduce),
    cause.runs.length > 1 && el("details", {}, el("summary", {}, "the others again"), cause.runs.slice(1, 60).map((index) => line(all[index].reproduce))));
}
function expected() {
  if (!page.expected.length) return null;
  return el("section", { "aria-labelledby": "expected" }, el("h2", { id: "expected" }, "Expected failures"),
    page.expected.map((one) => el("details", {}, el("summary", {}, `${counted(one.places.length, "failure")} by ${one.by || "nobody"} (${one.kind}): ${one.why}`),
      table("expected", ["scenario", "world", "clause", "reason"], one.places.map(([id, world, slug, reason]) => [id, world, clauseLink(slug), reason])))));
}
function runs() {
  const f = filters(), all = page.report.scenarios, shown = [...all.keys()].filter((index) => showsRun(all[index], f));
  return el("section", { "aria-labelledby": "runs" }, el("h2", { id: "runs" }, `Scenarios (${shown.length} of ${all.length})`),
    table("scenarios", ["scenario", "world", "verdict", "change", "records", "seconds", "story"], shown.map((index) => {
      const run = all[index];
      return [runLink(index), run.world, mark(run.verdict, run.kind), run.change || "", number(run.records), run.world === "saved" ? "" : run.wall_seconds, page.scenes[index] ? "yes" : ""];
    })));
}
function clauseTable() {
  const f = filters();
  return el("details", { id: "clauses" }, el("summary", {}, "The clauses as a table"), table("clauses", ["clause", "level", "verdict", "change", "scenarios", "why"],
    page.report.clauses.filter((row) => showsRow(row, f)).map((row) => [clauseLink(row.slug), row.level, mark(row.verdict, row.kind), row.change || "", row.scenarios.length, row.reason])));
}
