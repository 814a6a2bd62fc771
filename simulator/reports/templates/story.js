// A scenario's story: its clauses, its fates, and of its history timeline, tree, passes and events.
const FATES = ["delivered", "cut", "dropped", "discarded", "spared", "kept", "waiting", "withdrawn", "lost-in-crash", "duplicated", "altered", "vanished"];
const MOST_FILES = 30, MOST_LISTED = 100, BINS = 300;

function storyView(name) {
  const index = page.report.scenarios.findIndex((run) => nameOf(run) === name);
  if (index < 0) return [el("p", {}, "No such scenario is in this report.")];
  const run = page.report.scenarios[index], scene = page.scenes[index], f = filters();
  const clauses = run.clauses.filter((one) => (!f.verdict || one.verdict === f.verdict) && (!f.family || familyOf(one.slug) === f.family) && (!f.q || `${run.id} ${one.slug} ${one.reason}`.toLowerCase().includes(f.q)));
  const failing = run.clauses.filter((one) => one.verdict === "fail" || one.verdict === "error");
  return [el("article", { "aria-labelledby": "run" }, el("h2", { id: "run" }, run.id, " ", mark(run.verdict, run.kind)),
    el("p", {}, run.title),
    el("p", { class: "dim" }, `${run.world} world · seed ${run.seed} · ${run.virtual_seconds} s of virtual time${run.world === "saved" ? "" : ` in ${run.wall_seconds} s`} · ${counted(run.records, "record")} · ${run.file}`),
    run.detail && el("p", {}, run.detail), line(run.reproduce),
    failing.length > 0 && el("ul", {}, failing.map((one) => el("li", {}, clauseLink(one.slug), ": ", one.reason, one.story.length > 0 && lines(one.story)))),
    Object.keys(run.victims).length > 0 && el("p", {}, "Victims: ", Object.entries(run.victims).map(([who, count]) => `${who} (${counted(count, "event")})`).join(", ")),
    why(run), fates(run), scene ? told(run, scene) : el("p", { class: "dim" }, "Its history is not in this page: stories are told of failures and of a single run. `--report html=PATH` of `simulate run` tells one."),
    page.said[index] && page.said[index].length > 0 && el("section", {}, el("h3", {}, "What the collector said"), lines(page.said[index])),
    el("section", {}, el("h3", {}, `Clauses (${clauses.length})`), table("clauses of this scenario", ["clause", "verdict", "reason"], clauses.map((one) => [clauseLink(one.slug), mark(one.verdict, one.kind), one.reason]))))];
}
function fates(run) {
  const all = Object.entries(run.extensions).filter(([, one]) => one.written), used = FATES.filter((fate) => all.some(([, one]) => one.fates[fate]));
  if (!all.length) return null;
  const bar = ([name, one]) => {
    let x = 0;
    const sum = FATES.reduce((total, fate) => total + (one.fates[fate] || 0), 0) || 1;
    const parts = used.filter((fate) => one.fates[fate]).map((fate) => {
      const width = (one.fates[fate] / sum) * 1000, part = svg("rect", { x, y: 0, width, height: 10, class: `fate-${fate}`, "data-fate": fate, "data-count": one.fates[fate] });
      x += width;
      return part;
    });
    const words = used.filter((fate) => one.fates[fate]).map((fate) => `${number(one.fates[fate])} ${fate}`).join(", ");
    return [el("div", { class: "lane-name" }, name), svg("svg", { class: "bar", viewBox: "0 0 1000 10", preserveAspectRatio: "none", role: "img", "aria-label": `${name}: ${words}` }, parts)];
  };
  return el("section", { "aria-labelledby": "fates" }, el("h3", { id: "fates" }, "What became of the events"),
    el("p", { class: "key" }, used.map((fate) => [el("span", { class: `swatch fate-${fate}`, "aria-hidden": "true" }), `${fate} `])),
    el("div", { class: "lanes" }, all.slice(0, 60).map(bar)),
    table("events by extension and fate", ["extension", "written", ...used], all.map(([name, one]) => [name, number(one.written), ...used.map((fate) => number(one.fates[fate] || 0))])));
}
function told(run, scene) {
  const scrubber = new Scrubber(scene), now = address(), first = scene.marks.length ? scene.marks[0] : 0;
  const parts = { cursor: el("div", { class: "cursor" }), where: el("output", { id: "where", for: "slider" }), around: el("div", { id: "around" }), tree: el("div", { id: "tree" }) };
  const slider = el("input", { id: "slider", type: "range", min: 0, max: scene.rows.length - 1, value: 0, "aria-label": "record", oninput: () => show(Number(slider.value)) });
  let later = 0;
  const show = (place) => {
    scrubber.goTo(place);
    slider.value = String(place);
    const [i, t, pass, lane, text] = scene.rows[place];
    slider.setAttribute("aria-valuetext", `record ${i}: ${text}`);
    parts.where.textContent = `#${number(i)} of ${number(scene.records)} · pass ${pass} · ${(t / 1e9).toFixed(3)} s · ${scene.lanes[lane]}`;
    parts.cursor.style.left = `${(100 * (i + 0.5)) / scene.records}%`;
    parts.around.replaceChildren(aroundOf(scene, place, show));
    parts.tree.replaceChildren(treeOf(scrubber));
    clearTimeout(later);
    later = setTimeout(() => readdress({ at: String(i) }), 150);
  };
  const goTo = (record) => { show(scrubber.placeOf(record)); slider.scrollIntoView({ block: "nearest" }); };
  const jump = (records, step) => {
    const i = scene.rows[scrubber.at][0], next = step > 0 ? records.find((one) => one > i) : records.findLast((one) => one < i);
    if (next !== undefined) goTo(next);
  };
  const button = (text, act) => el("button", { type: "button", onclick: act }, text);
  const borders = scene.passes.map((one) => one.begin), block = el("div", {},
    timeline(scene, parts.cursor, goTo),
    el("section", { "aria-labelledby": "scrub" }, el("h3", { id: "scrub" }, "Record by record"), slider,
      el("p", { class: "buttons" }, button("pass before", () => jump(borders, -1)), button("next pass", () => jump(borders, 1)), scene.marks.length > 0 && [button("mark before", () => jump(scene.marks, -1)), button("next mark", () => jump(scene.marks, 1))], " ", parts.where),
      el("div", { class: "beside" }, el("div", {}, el("h4", {}, "Records around"), parts.around), el("div", {}, el("h4", {}, "The directory tree at this record"), parts.tree)),
      scene.rows.length < scene.records && el("p", { class: "dim" }, `${number(scene.rows.length)} of ${number(scene.records)} records are kept: those around failures, faults and the borders of passes.`)),
    passesOf(scene), eventsOf(scene, goTo), noticesOf(scene, goTo));
  show(scrubber.placeOf(now.has("at") ? Number(now.get("at")) : first));
  return block;
}
function timeline(scene, cursor, goTo) {
  const scale = (record) => (record / scene.records) * BINS, most = Math.max(...scene.bins.flat().map(([, count]) => count), 1);
  const shades = () => scene.passes.map((one, place) => svg("rect", { x: scale(one.begin), y: 0, width: Math.max(scale(one.end - one.begin), 0.3), height: 10, class: place % 2 ? "pass-odd" : "pass-even" }));
  const strip = (name, marks, words) => [el("div", { class: "lane-name" }, name), svg("svg", { class: "lane", viewBox: `0 0 ${BINS} 10`, preserveAspectRatio: "none", role: "img", "aria-label": words, "data-lane": name,
    onclick: (event) => { const box = event.currentTarget.getBoundingClientRect(); goTo(Math.floor(((event.clientX - box.left) / box.width) * scene.records)); } }, shades(), marks)];
  const total = (lane) => scene.bins[lane].reduce((sum, [, count]) => sum + count, 0);
  const drawn = scene.lanes.map((name, lane) => strip(name, scene.bins[lane].map(([column, count]) => {
    const height = 3 + 7 * (count / most) ** 0.5;
    return svg("rect", { x: column, y: 10 - height, width: 0.9, height, class: name === "faults" ? "tick strike" : "tick", "data-count": count });
  }), `${name}: ${counted(total(lane), "record")}`));
  const matters = scene.marks.length > 0 && strip("what matters", scene.marks.map((record) => svg("rect", { x: scale(record), y: 0, width: 1, height: 10, class: "tick strike" })), `what matters: ${counted(scene.marks.length, "record")}`);
  return el("section", { "aria-labelledby": "timeline" }, el("h3", { id: "timeline" }, "Timeline, by the index of records"),
    el("p", { class: "dim" }, "Shaded columns are passes. Virtual time stands still for thousands of records, so it is no axis."),
    el("div", { class: "lanes timeline" }, el("div", { class: "rail" }, el("div", { class: "inner" }, cursor)), matters, drawn),
    el("details", {}, el("summary", {}, "The lanes as a table"), table("records of each lane", ["lane", "records"], scene.lanes.map((name, lane) => [name, number(total(lane))]))));
}
function aroundOf(scene, place, show) {
  const begin = Math.max(0, Math.min(place - 5, scene.rows.length - 11)), some = scene.rows.slice(begin, begin + 11);
  return el("ol", { class: "records", role: "list" }, some.map((row, offset) => el("li", {},
    el("button", { type: "button", "aria-current": begin + offset === place ? "true" : null, onclick: () => show(begin + offset) }, el("span", { class: "index" }, `#${row[0]}`), ` ${scene.lanes[row[3]]}: ${row[4]}`))));
}
function treeOf(scrubber) {
  const size = (entry) => (typeof entry === "number" ? `${number(entry)} bytes` : entry);
  return el("ul", { class: "tree" }, [...scrubber.directories(MOST_FILES)].map(([name, one]) => el("li", {}, el("span", { class: scrubber.changed.has(name) ? "changed dir" : "dir" }, `${name || "."}/`), one.count > 0 && ` ${counted(one.count, "file")}`,
    one.files.length > 0 && el("ul", {}, one.files.map(([file, entry, changed]) => el("li", { class: changed ? "changed" : null }, `${file} · ${size(entry)}`)), one.count > one.files.length && el("li", { class: "dim" }, `and ${number(one.count - one.files.length)} more`)))),
    [...scrubber.changed].filter((path) => !scrubber.tree.has(path)).slice(0, MOST_FILES).map((path) => el("li", { class: "changed gone" }, el("del", {}, path), " is gone")));
}
function passesOf(scene) {
  const all = scene.passes;
  if (!all.length) return null;
  const kinds = ["delivered", "discarded", "backlog"], most = Math.max(...all.flatMap((one) => kinds.map((kind) => one[kind])), 1), step = 300 / all.length;
  const bars = kinds.flatMap((kind, k) => all.map((one, place) => svg("rect", { x: place * step + (k * step) / 3.3, y: 60 - (58 * one[kind]) / most, width: Math.max(step / 3.6, 0.2), height: (58 * one[kind]) / most, class: `chart-${kind}` })));
  return el("section", { "aria-labelledby": "passes" }, el("h3", { id: "passes" }, "Passes"), el("p", { class: "key" }, kinds.map((kind) => [el("span", { class: `swatch chart-${kind}`, "aria-hidden": "true" }), `${kind} `])),
    svg("svg", { class: "chart", viewBox: "0 0 300 60", preserveAspectRatio: "none", role: "img", "aria-label": `delivered, discarded and backlog of ${counted(all.length, "pass", "passes")}` }, bars),
    table("figures of each pass", ["pass", "kind", "records", "ended", "delivered", "discarded", "backlog"], all.slice(0, 500).map((one) => [one.pass, one.kind, `${one.begin} to ${one.end}`, one.how, number(one.delivered), number(one.discarded), number(one.backlog)])));
}
function eventsOf(scene, goTo) {
  const now = address(), body = el("div"), biography = el("div", { id: "biography", tabindex: -1 });
  const words = el("input", { id: "event-q", type: "search", placeholder: "token, file, extension", oninput: () => list() });
  const kinds = [...new Set(scene.events.map((one) => one.fate))], chosen = el("select", { id: "event-fate", onchange: () => list() }, el("option", { value: "" }, "all"), kinds.map((fate) => el("option", { value: fate }, fate)));
  const open = (one, focus) => {
    biography.replaceChildren(biographyOf(scene, one, goTo));
    readdress({ event: one.name });
    if (focus) biography.focus();
  };
  const list = () => {
    const q = words.value.toLowerCase(), found = scene.events.filter((one) => (!chosen.value || one.fate === chosen.value) && (!q || `${one.name} ${one.path} ${one.extension}`.toLowerCase().includes(q)));
    body.replaceChildren(el("p", { class: "dim" }, `${number(found.length)} of ${number(scene.written)} events${found.length > MOST_LISTED ? `, the first ${MOST_LISTED} of them shown` : ""}`),
      table("events and their fates", ["event", "extension", "due", "fate", "why"], found.slice(0, MOST_LISTED).map((one) => [el("button", { type: "button", class: "open", onclick: () => open(one, true) }, one.name), one.extension, one.due, one.fate, one.why])));
  };
  list();
  const asked = scene.events.find((one) => one.name === now.get("event"));
  if (asked) open(asked, false);
  return el("section", { "aria-labelledby": "events" }, el("h3", { id: "events" }, "Events"), el("p", { class: "filters" }, el("label", {}, "event ", words), el("label", {}, "fate ", chosen)), biography, body);
}
function biographyOf(scene, one, goTo) {
  const rows = new Map(scene.rows.map((row) => [row[0], row]));
  return el("article", { class: "cause", "aria-label": `biography of ${one.name}` }, el("h4", {}, `${one.name} of ${one.extension}`), el("p", {}, `Its place: ${one.path}. It was due to be: ${one.due}.`),
    el("ol", { class: "records", role: "list" }, one.records.map((i) => {
      const row = rows.get(i);
      return el("li", {}, row ? el("button", { type: "button", onclick: () => goTo(i) }, el("span", { class: "index" }, `#${i}`), ` pass ${row[2]}, ${(row[1] / 1e9).toFixed(3)} s: ${scene.lanes[row[3]]}: ${row[4]}`) : `#${i}, which is not kept`);
    })), one.more > 0 && el("p", {}, `and ${counted(one.more, "more record")}`), el("p", {}, el("strong", { class: `fate fate-name-${one.fate}` }, `fate: ${one.fate}`), one.why && ` (${one.why})`));
}
function noticesOf(scene, goTo) {
  const lane = scene.lanes.indexOf("notices and log"), found = scene.rows.filter((row) => row[3] === lane && lane >= 0);
  if (!found.length) return null;
  return el("section", { "aria-labelledby": "notices" }, el("h3", { id: "notices" }, "Notices and log"), table("records of notices and log", ["record", "pass", "what"], found.slice(0, 200).map((row) => [el("button", { type: "button", onclick: () => goTo(row[0]) }, `#${row[0]}`), row[2], row[4]])),
    found.length > 200 && el("p", { class: "dim" }, `and ${number(found.length - 200)} more`));
}
