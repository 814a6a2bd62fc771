// One clause with the judge's answer in each scenario, and the matrix of all.
function clauseView(slug) {
  const row = page.report.clauses.find((one) => one.slug === slug), words = page.clauses[slug];
  if (!row) return [el("p", {}, "No such clause is in this report.")];
  const f = filters(), answers = page.report.scenarios.flatMap((run, index) => run.clauses.filter((one) => one.slug === slug).map((one) => ({ run, index, one })));
  const shown = answers.filter(({ run, one }) => (!f.world || run.world === f.world) && (!f.verdict || one.verdict === f.verdict) && (!f.q || `${slug} ${run.id} ${one.reason}`.toLowerCase().includes(f.q)));
  return [el("article", { "aria-labelledby": "clause" }, el("h2", { id: "clause" }, el("code", {}, slug), " ", mark(row.verdict, row.kind)),
    el("p", { class: "statement" }, words.statement),
    el("dl", { class: "facts" }, [["level", row.level], ["harm", words.harm], ["effect", words.effect], ["first reason", row.reason], ["since the baseline", row.change]].filter(([, text]) => text)
      .map(([name, text]) => el("div", {}, el("dt", {}, name), el("dd", {}, text)))),
    table(`answers of the judge of ${slug}`, ["scenario", "world", "verdict", "seconds", "reason"], shown.map(({ run, index, one }) =>
      [runLink(index), run.world, mark(one.verdict, one.kind), run.world === "saved" ? "" : run.wall_seconds, [one.reason, one.expected_why && ` (${one.expected_by}: ${one.expected_why})`]])))];
}
function matrix() {
  const f = filters(), runs_ = page.report.scenarios, shown = [...runs_.keys()].filter((index) => showsRun(runs_[index], { ...f, verdict: "" }));
  const rows = page.report.clauses.filter((row) => showsRow(row, f)), answers = new Map();
  for (const index of shown) for (const one of runs_[index].clauses) answers.set(`${one.slug} ${index}`, one);
  const cell = (row, index) => {
    const one = answers.get(`${row.slug} ${index}`);
    return one ? el("td", { class: one.verdict, title: `${row.slug} in ${runs_[index].id}, ${runs_[index].world}: ${one.verdict} ${one.kind} ${one.reason}` }, el("span", { class: "sr" }, one.verdict), el("span", { "aria-hidden": "true" }, SIGNS[one.verdict])) : el("td");
  };
  return [el("section", { "aria-labelledby": "matrix" }, el("h2", { id: "matrix" }, `Clauses and scenarios (${rows.length} × ${shown.length})`),
    el("p", {}, Object.entries(SIGNS).map(([verdict, sign]) => el("span", { class: verdict }, `${sign} ${verdict}  `))),
    el("div", { class: "wide tall", tabindex: 0, role: "region", "aria-label": "matrix" }, el("table", { class: "matrix" }, el("caption", {}, "clauses and scenarios"),
      el("thead", {}, el("tr", {}, el("th", { scope: "col" }, "clause"), shown.map((index) => el("th", { scope: "col" }, runLink(index, `${runs_[index].id} ${runs_[index].world}`))))),
      el("tbody", {}, rows.map((row) => el("tr", { "data-slug": row.slug }, el("th", { scope: "row" }, clauseLink(row.slug)), shown.map((index) => cell(row, index))))))))];
}
