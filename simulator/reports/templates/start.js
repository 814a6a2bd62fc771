// The data is unpacked, and the view that the address names is drawn.
async function unpacked() {
  const block = document.getElementById("data"), bytes = Uint8Array.from(atob(block.textContent.trim()), (letter) => letter.charCodeAt(0));
  block.remove();
  const text = await new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"))).text();
  return JSON.parse(text);
}
function view() {
  const now = address();
  if (now.get("run")) return storyView(now.get("run"));
  if (now.get("clause")) return clauseView(now.get("clause"));
  return now.get("view") === "matrix" ? matrix() : overview();
}
function draw() {
  document.getElementById("main").replaceChildren(...view().flat(Infinity).filter(Boolean));
}
function drawAll() {
  document.getElementById("top").replaceChildren(...top_(page.report));
  draw();
}
addEventListener("hashchange", (event) => {
  if (!location.hash.includes("=") && location.hash.length > 1) return;
  drawAll();
  if (event.oldURL !== event.newURL) { scrollTo(0, 0); document.getElementById("main").focus({ preventScroll: true }); }
});
unpacked().then((data) => {
  page = data;
  page.worlds = {};
  for (const run of page.report.scenarios) (page.worlds[run.id] ||= new Set()).add(run.world);
  for (const row of page.report.clauses) for (const id of row.scenarios) page.worlds[id] ||= new Set();
  drawAll();
  document.documentElement.dataset.ready = String(Math.round(performance.now()));
}, (error) => { document.getElementById("main").textContent = `This page is damaged: ${error.message}`; });
