// The careless collector in Node: toy.py tells what it does.
"use strict";
const fs = require("node:fs");

const say = (what) => fs.writeSync(1, `${JSON.stringify(what)}\n`);
let logDir = "";

function extension(handler, events) {
  for (const name of fs.readdirSync(events).sort()) {
    const file = fs.openSync(`${events}/${name}`, "r");
    let data = "";
    const part = Buffer.alloc(65536);
    try {
      for (;;) {
        const count = fs.readSync(file, part);
        if (!count) break;
        data += part.toString("utf8", 0, count);
      }
    } finally {
      fs.closeSync(file);
    }
    const told = JSON.parse(data);
    fs.unlinkSync(`${events}/${name}`);
    (Array.isArray(told) ? told : [told]).forEach((one, index) => say({
      type: "event", key: [handler, name, index], eventId: 1, providerId: "toy", file_type: "json",
      parameters: [{ name: "Message", value: String(one.Message) }],
    }));
  }
}

function collect() {
  try {
    for (const handler of fs.readdirSync(logDir).sort()) extension(handler, `${logDir}/${handler}/events`);
  } catch {
    return;
  }
}

let rest = "";
const part = Buffer.alloc(65536);
for (;;) {
  const count = fs.readSync(0, part);
  if (!count) break;
  rest += part.toString("utf8", 0, count);
  for (let end; (end = rest.indexOf("\n")) >= 0; rest = rest.slice(end + 1)) {
    const request = JSON.parse(rest.slice(0, end));
    if (request.type === "hello") say({ type: "hello", protocol: 1, capabilities: { settings: [] } });
    else if (request.type === "start") { logDir = request.log_dir; say({ type: "started" }); }
    else if (request.type === "collect") { collect(); say({ type: "done" }); }
    else process.exit(0);
  }
}
