import test from "ava";
import {evictionsBetween} from "./evictions.ts";

for (const [what, before, after, count] of [
  ["every survivor evicts the same one", {a: 2, b: 2, c: 0}, {a: 3, b: 3, c: 0}, 1],
  ["a watcher that started anew counts from 0", {a: 5, b: 5}, {a: 1, b: 6}, 1],
  ["one that cannot be asked has no figure", {a: 1, b: 1}, {a: undefined, b: 1}, 0],
  ["nobody can be asked", {a: 1}, {a: undefined}, undefined],
  ["nobody could be asked before", {}, {a: 0}, 0],
] as const)
  test(what, t => t.deepEqual(evictionsBetween({galera: before}, {galera: after}), {galera: count}));
