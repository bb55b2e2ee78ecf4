import test from "ava";
import {renderText} from "./render.ts";

const rendered: [text: string, values: Record<string, unknown>, result: string][] = [
  ["a = <%= it.a %>\nb = <%= it.b %>\n", {a: 1, b: "x"}, "a = 1\nb = x\n"],
  [
    "<% for (const s of it.servers) { -%>\nserver <%= s.name %>\n<% } -%>\nend",
    {servers: [{name: "a"}, {name: "b"}]},
    "server a\nserver b\nend",
  ],
  ["<%~ it.block %>", {block: "1\n2"}, "1\n2"],
  ["<%= it.quoted %>", {quoted: `<'"&>`}, `<'"&>`],
];
for (const [text, values, result] of rendered)
  test(`renders ${JSON.stringify(text)}`, t => t.is(renderText("t", text, values), result));

const refused: [text: string, values: Record<string, unknown>, message: RegExp][] = [
  ["<%= it.gone %>", {}, /template t: `gone` has no value/],
  ["<% if (it.gone) { %>x<% } %>", {}, /`gone` has no value/],
  ["<% for (const s of it.servers) { %><%= s.port %><% } %>", {servers: [{name: "a"}]}, /a hole got nothing/],
  ["<%= it.list %>", {list: [1]}, /a hole got \[1\]/],
  ["<%= it.n %>", {n: Number.NaN}, /a hole got/],
  ["<%= it.text %>", {text: "a\nb"}, /line end/],
];
for (const [text, values, message] of refused)
  test(`refuses ${JSON.stringify(text)}`, t => t.throws(() => renderText("t", text, values), {message}) && undefined);
