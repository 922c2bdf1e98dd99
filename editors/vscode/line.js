// The line to a running set, and the blocks of a text: what needs no editor.
"use strict";

const { execFile } = require("node:child_process");
const fs = require("node:fs");
const net = require("node:net");

/** Where the set listens that is meant, or the newest. */
function newest(command) {
  if (process.env.LATENTCODE_SOCKET) return Promise.resolve(process.env.LATENTCODE_SOCKET);
  return new Promise((resolve, reject) =>
    execFile(command, ["send", "--where"], (error, out, said) =>
      error ? reject(new Error(why(command, error, said))) : resolve(out.trim().split("\n").pop())
    )
  );
}

/** Why there is none: what the program said last, or that there is no such program. */
function why(command, error, said) {
  if (error.code === "ENOENT") return `there is no program ${command}; name it in the setting latentcode.command`;
  const last = said.trim().split("\n").pop().replace(/^latentcode: /, "");
  return last || "no set is playing: type latentcode, or latentcode serve";
}

/** A line to the set at `path`; `told` gets the events, `closed` is called when it is gone. */
class Line {
  constructor(path, { told = () => {}, closed = () => {} } = {}) {
    this.asked = new Map();
    this.number = 0;
    const file = fs.statSync(path).isSocket() ? null : JSON.parse(fs.readFileSync(path, "utf8"));
    this.socket = file ? net.connect(file.port, "127.0.0.1") : net.connect(path);
    this.socket.setEncoding("utf8");
    if (file) this.socket.write(file.secret + "\n");
    let rest = "";
    this.socket.on("data", (text) => {
      const lines = (rest + text).split("\n");
      rest = lines.pop();
      for (const line of lines) {
        const message = JSON.parse(line);
        if (message.event) told(message);
        else this.answered(message);
      }
    });
    this.open = true;
    const over = (error) => {
      if (!this.open) return;
      this.open = false;
      for (const { reject } of this.asked.values()) reject(new Error("the set has ended; what it has not answered may not have run"));
      closed(error);
    };
    this.socket.on("error", over);
    this.socket.on("close", () => over());
  }

  answered(message) {
    const waiting = this.asked.get(message.id);
    this.asked.delete(message.id);
    if (waiting) waiting.resolve(message);
  }

  /** The answer to a request. */
  ask(op, fields = {}) {
    const id = ++this.number;
    return new Promise((resolve, reject) => {
      if (!this.open) return reject(new Error("the set has ended"));
      this.asked.set(id, { resolve, reject });
      this.socket.write(JSON.stringify({ op, id, ...fields }) + "\n");
    });
  }

  close() {
    this.socket.destroy();
  }
}

const GOES_ON = /^(\s|(else|elif|except|finally)\b|[)\]}])/;
const blank = (line) => line.trim() === "";

/** Whether a block begins in a line: at the margin, behind a blank one. */
function begins(lines, at) {
  return !blank(lines[at]) && !GOES_ON.test(lines[at]) && (at === 0 || blank(lines[at - 1]));
}

/** The first and the last line of the block around a line, counted from 0. */
function around(lines, at) {
  let first = at;
  while (first > 0 && !begins(lines, first)) first--;
  let last = first + 1;
  while (last < lines.length && !begins(lines, last)) last++;
  last--;
  while (last > first && blank(lines[last])) last--;
  return [first, last];
}

/** All blocks of a text. */
function blocks(lines) {
  const found = [];
  for (let at = 0; at < lines.length; ) {
    const [first, last] = around(lines, at);
    if (lines.slice(first, last + 1).some((line) => !blank(line))) found.push([first, last]);
    at = last + 1;
    while (at < lines.length && !begins(lines, at)) at++;
  }
  return found;
}

/** What was sent of the block of a word that sounds, if it was from here, and not that of another set; also where the
 * answer that tells its number (0 until then) is still to come. */
function of(sent, word) {
  const there = sent.filter((one) => one.line === word.line && one.file === word.file);
  return there.find((one) => one.block === word.block) ?? there.find((one) => !one.block);
}

/** How far what stands from `begin` to `end` in the list `old` has moved in `now`; null where it is not as it was. */
function shift(old, now, begin, end) {
  const head = alike(old, now);
  if (end <= head) return 0;
  const tail = alike(old.slice(head).reverse(), now.slice(head).reverse());
  return begin >= old.length - tail ? now.length - old.length : null;
}

/** How many items at their beginnings two lists have in common. */
function alike(one, other) {
  let count = 0;
  while (count < Math.min(one.length, other.length) && one[count] === other[count]) count++;
  return count;
}

/** The row and the columns (in characters) that a word has now in the lines of its block, whatever is edited around
 * it; null where it is not as it was. */
function placed(sent, now, { row, begin, end }) {
  const rows = shift(sent, now, row, row + 1);
  if (rows === null && sent.length !== now.length) return null;
  const there = row + (rows ?? 0);
  if (there >= now.length) return null;
  const by = shift([...sent[row]], [...now[there]], begin, end);
  return by === null ? null : { row: there, begin: begin + by, end: end + by };
}

/** Where a line is after a change from a column of line `begin` to line `end`, which put in `more` line ends. */
function moved(line, begin, end, more, column = 1) {
  const behind = line > end || (line === end && (begin < end || column === 0));
  return behind ? line + more - (end - begin) : line;
}

/** What stands beside a block, and in which of its lines, from 0: its value, or what was wrong, and what has not run. */
function outcome(answer, first, lines) {
  if (!answer.ok) {
    const rowOf = (line) => Math.min(Math.max(line - first, 0), lines - 1);
    const row = rowOf(answer.line ?? first + lines);
    const wrong = { row, text: "✗ " + (answer.error ?? "").split("\n")[0], wrong: true };
    const unrun = rowOf(answer.unrun ?? first + row);
    return unrun === row ? [wrong] : [wrong, { row: unrun, text: "not run", wrong: false }];
  }
  const said = [...(answer.printed ?? "").split("\n"), ...(answer.notes ?? []), ...(answer.value ?? "").split("\n")];
  const told = said.filter((line) => line !== "");
  return told.length ? [{ row: lines - 1, text: told[told.length - 1], wrong: false }] : [];
}

/** Columns of characters, as the set counts them, in the units of JavaScript's texts. */
function columns(text, begin, end) {
  const characters = [...text];
  const at = (count) => characters.slice(0, count).join("").length;
  return [at(begin), at(end)];
}

module.exports = { Line, newest, around, blocks, of, moved, placed, outcome, columns };
