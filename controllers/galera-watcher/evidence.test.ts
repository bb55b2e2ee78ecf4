import test from "ava";
import {dead, type EvidenceEvent, gather, noEvidence, troubled, type Word} from "./evidence.ts";

const opened: EvidenceEvent[] = [
  {kind: "opened", what: "session"},
  {kind: "opened", what: "hold"},
];
const closed = (what: "hold" | "session"): EvidenceEvent => ({kind: "ended", what, how: "kernel"});
const silent = (what: "hold" | "session"): EvidenceEvent => ({kind: "ended", what, how: "silence"});
const probed = (result: "accepted" | "refused" | "unanswered" | "unknown"): EvidenceEvent => ({kind: "probed", result});

const settled: EvidenceEvent = {kind: "settled"};
const rows: [what: string, events: EvidenceEvent[], word: Word, isDead: boolean][] = [
  ["killed: both closed, refused", [...opened, closed("hold"), closed("session"), probed("refused")], "nothing", true],
  ["whole container gone", [...opened, closed("session"), closed("hold"), probed("unanswered")], "nothing", true],
  [
    "its watcher died first, then the rest",
    [...opened, closed("session"), probed("accepted"), closed("hold"), probed("unanswered")],
    "nothing",
    true,
  ],
  [
    "its listener died after its connections",
    [...opened, closed("session"), closed("hold"), probed("accepted"), probed("refused")],
    "nothing",
    true,
  ],
  [
    "closed long ago for another reason",
    [...opened, closed("session"), closed("hold"), probed("accepted"), settled, probed("refused")],
    "nothing",
    false,
  ],
  ["the daemon alone, its watcher says so", [...opened, closed("hold"), probed("refused")], "down", true],
  ["the daemon alone, its watcher has not noticed", [...opened, closed("hold"), probed("refused")], "up", false],
  ["its watcher stands and is silent", [...opened, closed("hold"), probed("refused")], "nothing", false],
  ["unanswered while its watcher speaks", [...opened, closed("hold"), probed("unanswered")], "down", false],
  ["nothing closed", [...opened, probed("refused")], "nothing", false],
  [
    "paused or cut off: silence",
    [...opened, silent("hold"), silent("session"), probed("unanswered")],
    "nothing",
    false,
  ],
  [
    "the daemon silent, its watcher died",
    [...opened, silent("hold"), closed("session"), probed("refused")],
    "nothing",
    false,
  ],
  ["its watcher died alone", [...opened, closed("session"), probed("refused")], "nothing", false],
  ["never seen alive", [probed("refused")], "nothing", false],
  ["closed before it stood", [closed("hold"), closed("session"), probed("refused")], "nothing", false],
  ["not probed yet", [...opened, closed("hold"), closed("session")], "nothing", false],
  [
    "probed before the last one closed",
    [...opened, closed("session"), probed("refused"), closed("hold")],
    "nothing",
    false,
  ],
  [
    "an idle session closed by the server",
    [...opened, closed("hold"), probed("accepted"), probed("refused")],
    "nothing",
    false,
  ],
  ["the network here is down", [...opened, closed("hold"), closed("session"), probed("unknown")], "nothing", false],
  [
    "it takes a session again",
    [...opened, closed("hold"), closed("session"), probed("refused"), opened[1]!],
    "nothing",
    false,
  ],
];
for (const [what, events, word, expected] of rows)
  test(what, t => t.is(dead(events.reduce(gather, noEvidence), word, true), expected));

test("an arbitrator: its watcher's connection stands for the daemon's", t => {
  const gone = [opened[0]!, closed("session"), probed("refused")].reduce(gather, noEvidence);
  t.true(dead(gone, "nothing", false));
  t.false(dead(gather(gone, probed("accepted")), "nothing", false));
});

test("in trouble from the first close until somebody listens", t => {
  const once = [...opened, closed("session")].reduce(gather, noEvidence);
  t.true(troubled(once));
  t.false(troubled(gather(once, probed("accepted"))));
  t.false(troubled([...opened, silent("hold")].reduce(gather, noEvidence)));
});
