import test from "ava";
import {evictionsBetween} from "./evictions.ts";

for (const [what, before, after, count] of [
  ["every survivor evicts the same one", {a: 2, b: 2, c: 0}, {a: 3, b: 3, c: 0}, 1],
  ["a watcher that started anew counts from 0", {a: 5, b: 5}, {a: 1, b: 6}, 1],
  ["one that cannot be asked may have evicted somebody", {a: 1, b: 1}, {a: undefined, b: 1}, undefined],
  ["nobody can be asked", {a: 1}, {a: undefined}, undefined],
  ["one could not be asked before", {b: 0}, {a: 4, b: 0}, undefined],
] as const)
  test(what, t => t.deepEqual(evictionsBetween({galera: before}, {galera: after}), {galera: count}));
