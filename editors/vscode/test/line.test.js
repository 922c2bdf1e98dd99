"use strict";

const assert = require("node:assert");
const fs = require("node:fs");
const net = require("node:net");
const os = require("node:os");
const path = require("node:path");
const test = require("node:test");
const { Line, around, blocks, of, moved, placed, newest, outcome, columns } = require("../line.js");

const TEXT = ["x = 1", "", "def f():", "", "    return 2", "", "if x:", "    f()", "else:", "    pass", ""];

test("a block begins at the margin behind a blank line", () => {
  assert.deepEqual(blocks(TEXT), [[0, 0], [2, 4], [6, 9]]);
  assert.deepEqual(around(TEXT, 4), [2, 4]);
  assert.deepEqual(blocks(["", "  "]), []);
});

test("lines move with what is edited above them", () => {
  assert.equal(moved(5, 2, 2, 1), 6);
  assert.equal(moved(5, 2, 4, 0), 3);
  assert.equal(moved(5, 5, 5, 1), 5);
  assert.equal(moved(5, 5, 5, 1, 0), 6);
  assert.equal(moved(5, 7, 7, 3), 5);
});

test("what a block gives stands at its end, an error in its line", () => {
  assert.deepEqual(outcome({ ok: true, printed: "a\n", notes: [], value: "42" }, 3, 2), [{ row: 1, text: "42", wrong: false }]);
  assert.deepEqual(outcome({ ok: true, printed: "", notes: [], value: null }, 3, 2), []);
  const wrong = { row: 1, text: "✗ no", wrong: true };
  const answer = { ok: false, error: "no\nmore", line: 4 };
  assert.deepEqual(outcome(answer, 3, 4), [wrong]);
  assert.deepEqual(outcome({ ...answer, unrun: 5 }, 3, 4), [wrong, { row: 2, text: "not run", wrong: false }]);
  assert.deepEqual(outcome({ ...answer, unrun: 4 }, 3, 4), [wrong]);
});

test("a word is lit where it stands now, and nothing where it is not as it was", () => {
  const sent = ["# 𝄞", 'd1 >> s("kick hat")', "d2.stop()"];
  const [first, second] = [{ row: 1, begin: 9, end: 13 }, { row: 1, begin: 14, end: 17 }];
  const at = (now) => [first, second].map((word) => placed(sent, now, word));
  assert.deepEqual(at(sent), [first, second]);
  assert.deepEqual(at(["# 𝄞", 'd1 >> s("kick*2 hat")', "d2.stop()"]), [first, { row: 1, begin: 16, end: 19 }]);
  assert.deepEqual(at(["# 𝄞", 'd1 >> s("cow hat")', "d2.mute()"]), [null, { row: 1, begin: 13, end: 16 }]);
  assert.deepEqual(at(["x", "y", ...sent])[0], { row: 3, begin: 9, end: 13 });
  assert.deepEqual(at([sent[0], "d2.stop()"]), [null, null]);
  assert.deepEqual(at([]), [null, null]);
});

test("a word is of the block that was sent from here, not of one of another set", () => {
  const word = { block: 7, file: "/a.py", line: 3 };
  const [mine, asked] = [{ ...word }, { ...word, block: 0 }];
  const others = [{ ...word, line: 4 }, { ...word, file: "/b.py" }, { ...word, block: 8 }];
  assert.equal(of([asked, ...others, mine], word), mine);
  assert.equal(of([...others, asked], word), asked); // its answer is still to come
  assert.equal(of(others, word), undefined);
});

test("columns are those of characters", () => {
  assert.deepEqual(columns('𝄞é "kick"', 4, 8), [5, 9]);
});

test("a line asks, is answered in any order, and hears events", async () => {
  const file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), "lc")), "set.edit");
  const server = net.createServer((socket) =>
    socket.on("data", (data) => {
      const [first, second] = data.toString().trim().split("\n").map(JSON.parse);
      socket.write(`{"id":${second.id},"ok":true,"value":"é"}\n{"event":"sounding","words":[]}\n{"id":`);
      setTimeout(() => socket.end(`${first.id},"ok":false}\n`), 5);
    })
  );
  await new Promise((resolve) => server.listen(file, resolve));
  const heard = [];
  const line = new Line(file, { told: (event) => heard.push(event.event) });
  const [one, two] = await Promise.all([line.ask("hush"), line.ask("eval", { code: "1" })]);
  assert.deepEqual([one.ok, two.value, heard], [false, "é", ["sounding"]]);
  await new Promise((resolve) => setTimeout(resolve, 20));
  await assert.rejects(line.ask("hush"), /ended/);
  server.close();
});

test("it is told why no set is found", async () => {
  await assert.rejects(newest("no-such-program"), /no program no-such-program; name it in the setting/);
  await assert.rejects(newest("false"), /no set is playing/);
});
