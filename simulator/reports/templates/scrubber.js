// A history that is gone through record by record: the tree is the sum of changes, undone on the way back.
class Scrubber {
  constructor(scene) {
    this.rows = scene.rows;
    this.tree = new Map();
    this.at = -1;
    this.undo = [];
    this.changed = new Set();
    this.index = new Map(scene.rows.map((row, place) => [row[0], place]));
  }
  // The kept row at a record, or the last one before it.
  placeOf(record) {
    if (this.index.has(record)) return this.index.get(record);
    let low = 0, high = this.rows.length - 1;
    while (low < high) { const middle = (low + high + 1) >> 1; if (this.rows[middle][0] <= record) low = middle; else high = middle - 1; }
    return low;
  }
  goTo(place) {
    while (this.at < place) this.forward(this.rows[++this.at][5], this.at);
    while (this.at > place) this.back(this.undo[this.at--]);
    this.changed = new Set(this.rows[place][5].map(([path]) => path));
  }
  forward(changes, place) {
    if (!this.undo[place]) this.undo[place] = changes.map(([path]) => [path, this.tree.has(path) ? this.tree.get(path) : null]);
    this.back(changes);
  }
  back(changes) {
    for (const [path, entry] of changes) if (entry === null) this.tree.delete(path); else this.tree.set(path, entry);
  }
  // Directory -> what is in it, each at most so many.
  directories(most) {
    const found = new Map();
    for (const [path, entry] of this.tree) if (entry === "dir" && !found.has(path)) found.set(path, { files: [], count: 0, bytes: 0 });
    for (const [path, entry] of this.tree) {
      if (entry === "dir") continue;
      const cut = path.lastIndexOf("/"), name = path.slice(0, Math.max(0, cut));
      if (!found.has(name)) found.set(name, { files: [], count: 0, bytes: 0 });
      const one = found.get(name);
      if (path.endsWith("/*")) { one.count += entry; continue; }
      one.count += 1;
      if (typeof entry === "number") one.bytes += entry;
      if (one.files.length < most || this.changed.has(path)) one.files.push([path.slice(cut + 1), entry, this.changed.has(path)]);
    }
    return new Map([...found].sort(([a], [b]) => (a < b ? -1 : 1)));
  }
}
