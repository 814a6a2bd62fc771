// What every part of the page stands on: elements, the address, the filters. Data becomes text, never markup.
const SIGNS = { pass: "✓", fail: "✗", skip: "–", error: "!" };
const SVG = "http://www.w3.org/2000/svg";
let page = null;

function fill(made, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (value !== false && value !== null && value !== undefined) made.setAttribute(name, value === true ? "" : String(value));
  }
  made.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return made;
}
const el = (tag, attributes = {}, ...children) => fill(document.createElement(tag), attributes, children);
const svg = (tag, attributes = {}, ...children) => fill(document.createElementNS(SVG, tag), attributes, children);
const number = (value) => Number(value).toLocaleString("en");
const counted = (count, one, many) => `${number(count)} ${count === 1 ? one : many || `${one}s`}`;
const familyOf = (slug) => slug.split(".")[0];
const mark = (verdict, kind) => el("span", { class: `verdict ${verdict}` }, `${SIGNS[verdict] || ""} ${verdict}${kind ? ` (${kind})` : ""}`);

// The address holds all that somebody chose, so that a link shows a colleague the same.
const address = () => new URLSearchParams(location.hash.slice(1));
function link(changes, keepsFilters = true) {
  const now = address(), next = new URLSearchParams();
  if (keepsFilters) for (const name of ["q", "family", "verdict", "world"]) if (now.get(name)) next.set(name, now.get(name));
  for (const [name, value] of Object.entries(changes)) if (value !== "" && value !== null) next.set(name, value); else next.delete(name);
  return `#${next}`;
}
// Small changes of the same view leave no step in the browser's history.
function readdress(changes) {
  const next = address();
  for (const [name, value] of Object.entries(changes)) if (value === "" || value === null) next.delete(name); else next.set(name, value);
  history.replaceState(null, "", `#${next}`);
}
const nameOf = (run) => `${run.id}@${run.world}@${run.seed}`;
const clauseLink = (slug) => el("a", { href: link({ clause: slug }) }, el("code", {}, slug));
const runLink = (index, text) => el("a", { href: link({ run: nameOf(page.report.scenarios[index]) }) }, text || page.report.scenarios[index].id);

function filters() {
  const now = address();
  return { q: (now.get("q") || "").toLowerCase(), family: now.get("family") || "", verdict: now.get("verdict") || "", world: now.get("world") || "" };
}
function showsRow(row, f = filters()) {
  return (!f.family || familyOf(row.slug) === f.family) && (!f.verdict || row.verdict === f.verdict) && (!f.world || row.scenarios.some((id) => page.worlds[id].has(f.world)))
    && (!f.q || `${row.slug} ${row.reason} ${row.scenarios.join(" ")} ${page.clauses[row.slug].statement}`.toLowerCase().includes(f.q));
}
function showsRun(run, f = filters()) {
  return (!f.world || run.world === f.world) && (!f.verdict || run.verdict === f.verdict) && (!f.family || run.clauses.some((one) => familyOf(one.slug) === f.family))
    && (!f.q || `${run.id} ${run.title} ${run.detail} ${run.clauses.map((one) => `${one.slug} ${one.reason}`).join(" ")} ${Object.keys(run.extensions).join(" ")}`.toLowerCase().includes(f.q));
}

function say(text) { document.getElementById("said").textContent = text; }
async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const area = el("textarea", { "aria-label": "to copy" });
    area.value = text;
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }
  say("copied");
}
function line(text) {
  return el("div", { class: "line" }, el("pre", { tabindex: 0, role: "group", "aria-label": "the line that shows it again" }, text), el("button", { type: "button", class: "copy", onclick: () => copy(text) }, "copy"));
}
// A short text stays on its line, as a table is scrolled sideways; a long one is broken.
const SHORT = 30;
function cellOf(content) {
  const cell = el("td", {}, content);
  if (cell.textContent.length <= SHORT) cell.classList.add("short");
  return cell;
}
function table(caption, heads, rows, attributes = {}) {
  const sorted = (event) => {
    const heading = event.currentTarget.parentElement, body = heading.closest("table").tBodies[0], column = heading.cellIndex;
    const up = heading.getAttribute("aria-sort") !== "ascending";
    for (const other of heading.parentElement.cells) other.removeAttribute("aria-sort");
    heading.setAttribute("aria-sort", up ? "ascending" : "descending");
    const value = (row) => row.cells[column].textContent.trim().replace(/(\d),(?=\d{3})/g, "$1");
    body.append(...[...body.rows].sort((a, b) => value(a).localeCompare(value(b), undefined, { numeric: true }) * (up ? 1 : -1)));
  };
  const made = el("table", attributes, el("caption", {}, caption),
    el("thead", {}, el("tr", {}, heads.map((name) => el("th", { scope: "col" }, el("button", { type: "button", onclick: sorted }, name))))),
    el("tbody", {}, rows.map((cells) => el("tr", {}, cells.map(cellOf)))));
  return el("div", { class: "wide", tabindex: 0, role: "region", "aria-label": caption }, made);
}
const lines = (texts) => el("pre", { tabindex: 0, role: "group", "aria-label": "records and lines" }, texts.join("\n"));
