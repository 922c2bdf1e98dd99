"use strict";

const assert = require("node:assert");
const fs = require("node:fs");
const Module = require("node:module");
const net = require("node:net");
const os = require("node:os");
const path = require("node:path");
const test = require("node:test");

const FILE = "/piece.py";
const lines = ["# é", 'd1 >> s("𝄞 [kick]")', "", "1 / 0"];
const shown = {}; // what is decorated last: "lit" words, "after" texts with their rows
const commands = {};
let edited;

class Range {
  constructor(...[first, begin, last, end]) {
    Object.assign(this, { start: { line: first, character: begin }, end: { line: last, character: end } });
  }
}
const lineAt = (row) => ({ text: lines[row], range: new Range(row, 0, row, lines[row].length) });
const getText = (range) => (range ? lines.slice(range.start.line, range.end.line + 1) : lines).join("\n");
const document = { uri: { toString: () => `file://${FILE}`, fsPath: FILE }, getText, lineAt, lineCount: lines.length };
const decorated = ({ start, end }) => [start.line, lines[start.line].slice(start.character, end.character)];
const setDecorations = (kind, ranges) =>
  (shown[kind] = ranges.map((one) => (one.range ? [one.range.start.line, one.renderOptions.after.contentText] : decorated(one))));
const editor = { document, setDecorations, selection: { active: { line: 1 } } };
const vscode = {
  Range,
  ThemeColor: class { constructor(name) { this.name = name; } },
  window: {
    createTextEditorDecorationType: ({ after }) => (after ? after.color.name : "lit"),
    visibleTextEditors: [editor],
    activeTextEditor: editor,
    setStatusBarMessage: () => {},
    onDidChangeVisibleTextEditors: () => {},
  },
  workspace: {
    getConfiguration: () => ({ get: (name) => name }),
    onDidChangeTextDocument: (hear) => (edited = hear),
  },
  commands: { registerCommand: (name, run) => (commands[name] = run) },
};

test("one line plays a file, shows what comes of it, and lights words where they move", async () => {
  const socket = path.join(fs.mkdtempSync(path.join(os.tmpdir(), "lc")), "set.edit");
  const said = [];
  let called = 0, tell;
  const server = net.createServer((there) => {
    called += 1;
    tell = (message) => there.write(JSON.stringify(message) + "\n");
    there.on("data", (data) => {
      for (const request of data.toString().trim().split("\n").map((one) => JSON.parse(one))) {
        said.push(request.code ?? request.op);
        const wrong = request.code === "1 / 0" ? { error: "no such number", line: request.line } : {};
        tell({ id: request.id, ok: !wrong.error, block: said.length, value: "42", printed: "", notes: [], ...wrong });
      }
    });
  });
  await new Promise((resolve) => server.listen(socket, resolve));
  process.env.LATENTCODE_SOCKET = socket;
  const load = Module._load;
  Module._load = (name, ...more) => (name === "vscode" ? vscode : load(name, ...more));
  const { activate, deactivate } = require("../extension.js");
  Module._load = load;
  activate({ subscriptions: [] });
  await Promise.all([commands["latentcode.file"](), commands["latentcode.hush"]()]);
  assert.equal(called, 1);
  assert.deepEqual(said.slice().sort(), ["# é\n" + lines[1], "1 / 0", "hello", "hush", "listen"]);
  assert.deepEqual(shown["editorCodeLens.foreground"], [[1, "42"]]);
  assert.deepEqual(shown["editorError.foreground"], [[3, "✗ no such number"]]);
  lines.unshift("x = 1");
  document.lineCount += 1;
  edited({ document, contentChanges: [{ range: new Range(0, 0, 0, 0), text: "x = 1\n" }] });
  const block = said.indexOf("# é\n" + lines[2]) + 1;
  const word = { block, row: 1, begin: 12, end: 16, file: FILE, line: 1 };
  tell({ event: "sounding", words: [word, { ...word, line: 3, begin: 0, end: 2 }] }); // the other is of a set of before
  while (shown.lit === undefined) await new Promise((resolve) => setTimeout(resolve, 5));
  assert.deepEqual(shown.lit[0], [2, "kick"]);
  deactivate();
  server.close();
});
