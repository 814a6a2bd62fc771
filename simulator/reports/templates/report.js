"use strict";
const filter = { clause: "", scenario: "", verdict: "" };
function apply() {
  for (const row of document.querySelectorAll("tr[data-slug]")) {
    row.hidden = !row.dataset.slug.includes(filter.clause) || (filter.verdict !== "" && row.dataset.verdict !== filter.verdict);
  }
  for (const cell of document.querySelectorAll("[data-scenario]")) {
    cell.hidden = !cell.dataset.scenario.includes(filter.scenario);
  }
}
for (const input of document.querySelectorAll("[data-filter]")) {
  input.addEventListener("input", () => { filter[input.dataset.filter] = input.value.trim(); apply(); });
}
for (const button of document.querySelectorAll("th > button")) {
  button.addEventListener("click", () => {
    const heading = button.parentElement, body = heading.closest("table").tBodies[0], column = heading.cellIndex;
    const up = heading.getAttribute("aria-sort") !== "ascending";
    for (const other of heading.parentElement.cells) other.removeAttribute("aria-sort");
    heading.setAttribute("aria-sort", up ? "ascending" : "descending");
    const value = (row) => row.cells[column].textContent.trim();
    const rows = [...body.rows].sort((a, b) => value(a).localeCompare(value(b), undefined, { numeric: true }) * (up ? 1 : -1));
    body.append(...rows);
  });
}
