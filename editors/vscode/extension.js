// Sends blocks to a running set, and shows what comes of them, and what sounds.
"use strict";

const vscode = require("vscode");
const { Line, newest, around, blocks, of, moved, placed, outcome, columns } = require("./line.js");

let line = null;
let calling = null; // what several commands wait for at once: one line for all of them
const sent = []; // { uri, file, line, text (as they were sent), first, last (0-based, move with edits), block, told }

function activate(context) {
  const lit = vscode.window.createTextEditorDecorationType({
    backgroundColor: new vscode.ThemeColor("editor.findMatchHighlightBackground"),
    fontWeight: "bold",
  });
  const told = (color) =>
    vscode.window.createTextEditorDecorationType({ after: { color: new vscode.ThemeColor(color), margin: "0 0 0 2em" } });
  const results = told("editorCodeLens.foreground");
  const errors = told("editorError.foreground");
  const settings = () => vscode.workspace.getConfiguration("latentcode");

  function connected() {
    if (line?.open && !calling) return line;
    calling ??= call().finally(() => (calling = null));
    return calling;
  }

  async function call() {
    line = new Line(await newest(settings().get("command")), { told: light, closed: () => light({ words: [] }) });
    await line.ask("hello", { name: settings().get("name") });
    await line.ask("listen", { events: ["sounding"] });
    return line;
  }

  async function trying(run) {
    try {
      return await run();
    } catch (error) {
      vscode.window.setStatusBarMessage(`✗ latentcode: ${error.message}`, 5000);
    }
  }

  async function send(document, first, last) {
    const code = document.getText(new vscode.Range(first, 0, last, document.lineAt(last).text.length));
    if (code.trim() === "") return;
    const uri = document.uri.toString();
    const text = code.split(/\r?\n/);
    const file = document.uri.fsPath;
    const one = { uri, file, line: first + 1, text, first, last, block: 0, told: [] };
    for (const other of sent) {
      if (other.uri === uri && other.first <= last && first <= other.last) other.told = [];
    }
    sent.unshift(one);
    if (sent.length > 500) sent.pop();
    const asked = (await connected()).ask("eval", { code, file, line: one.line, wait: 2 });
    const answer = await asked;
    one.block = answer.block ?? 0;
    one.told = outcome(answer, first + 1, text.length);
    if (one.told.length) vscode.window.setStatusBarMessage(one.told[0].text, 5000);
    show();
  }

  function show() {
    for (const editor of vscode.window.visibleTextEditors) {
      const mine = sent.filter((one) => one.uri === editor.document.uri.toString());
      const at = ({ first, told: { row, text } }) => ({
        range: editor.document.lineAt(Math.min(first + row, editor.document.lineCount - 1)).range,
        renderOptions: { after: { contentText: text } },
      });
      const told = mine.flatMap(({ first, told }) => told.map((one) => ({ first, told: one })));
      editor.setDecorations(results, told.filter((one) => !one.told.wrong).map(at));
      editor.setDecorations(errors, told.filter((one) => one.told.wrong).map(at));
    }
  }

  function light({ words }) {
    for (const editor of vscode.window.visibleTextEditors) {
      const { document } = editor;
      const ranges = words.map((word) => {
        const mine = of(sent.filter((one) => one.uri === document.uri.toString()), word);
        if (!mine && word.file !== document.uri.fsPath) return null;
        const now = mine ? placed(mine.text, texts(document).slice(mine.first, mine.last + 1), word) : word;
        const row = (mine ? mine.first : word.line - 1) + (now?.row ?? 0);
        if (!now || row >= document.lineCount) return null;
        const [begin, end] = columns(document.lineAt(row).text, now.begin, now.end);
        return new vscode.Range(row, begin, row, end);
      });
      editor.setDecorations(lit, ranges.filter((range) => range));
    }
  }

  const texts = (document) => document.getText().split(/\r?\n/);
  const commands = {
    block: ({ document, selection }) => send(document, ...around(texts(document), selection.active.line)),
    line: ({ document, selection }) => send(document, selection.start.line, selection.end.line),
    file: async ({ document }) => {
      for (const [first, last] of blocks(texts(document))) await send(document, first, last);
    },
  };
  for (const [name, run] of Object.entries(commands)) {
    const command = () => vscode.window.activeTextEditor && trying(() => run(vscode.window.activeTextEditor));
    context.subscriptions.push(vscode.commands.registerCommand(`latentcode.${name}`, command));
  }
  for (const op of ["hush", "panic", "interrupt"]) {
    const command = () => trying(async () => (await connected()).ask(op));
    context.subscriptions.push(vscode.commands.registerCommand(`latentcode.${op}`, command));
  }
  context.subscriptions.push(
    lit,
    results,
    errors,
    vscode.window.onDidChangeVisibleTextEditors(show),
    vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
      for (const { range, text } of contentChanges) {
        for (const one of sent) {
          if (one.uri !== document.uri.toString()) continue;
          const { line: begin, character } = range.start;
          const change = [begin, range.end.line, text.split("\n").length - 1, character];
          const gone = begin <= one.first && one.last < range.end.line && character === 0;
          one.first = moved(one.first, ...change);
          one.last = gone ? one.first - 1 : moved(one.last, ...change);
        }
      }
      show();
    })
  );
}

function deactivate() {
  line?.close();
}

module.exports = { activate, deactivate };
