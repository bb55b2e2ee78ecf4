import test from "ava";
import {type Properties, unknown} from "../../base/values.ts";
import {addressProblem, dnsNameProblem, nameProblems} from "./names.ts";

for (const [name, problem] of [
  ["localhost", undefined],
  ["etcd-0.etcd.default.svc.cluster.local", undefined],
  ["Web.Example.ORG", undefined],
  ["xn--mnchen-3ya.example", undefined],
  ["*.example.org", undefined],
  [`${"a".repeat(63)}.org`, undefined],
  ["", /0 characters; a name has 1 to 253/],
  [`${"a".repeat(64)}.org`, /a part of 64 characters; each has 1 to 63/],
  [`${"a.".repeat(127)}b`, /255 characters; a name has 1 to 253/],
  ["a..b", /a part of 0 characters/],
  ["a.b.", /without the dot at the end/],
  ["my_host", /the part "my_host"; allowed are letters, digits and, inside, "-"/],
  ["-a.b", /the part "-a"/],
  ["a b", /the part "a b"/],
  ["a\tb", /the part "a\\tb"/],
  ["münchen.example", /write "xn--mnchen-3ya\.example"/],
  ["10.0.0.1", /that is an address; put it into `addresses`/],
  ["::1", /that is an address/],
  ["10.0.0.256", /its last part is a number/],
  ["https://a.b", /the part "https:\/\/a"/],
  ["*.org", /before two labels or more/],
  ["*", /before two labels or more/],
  ["a.*.org", /"\*" may only stand alone as the first part/],
  ["w*.a.org", /"\*" may only stand alone/],
] as [string, RegExp | undefined][]) {
  test(`a name: ${JSON.stringify(name.slice(0, 40))} ${problem ?? ""}`, t => {
    const found = dnsNameProblem(name);
    if (problem) t.regex(found ?? "nothing", problem);
    else t.is(found, undefined);
  });
}

for (const [address, problem] of [
  ["10.0.0.1", undefined],
  ["2001:DB8::1", undefined],
  ["::1", undefined],
  ["fe80::1%eth0", /leave out what follows %/],
  ["10.0.0.0/24", /a network; name each address/],
  ["10.0.0.256", /no IPv4 or IPv6 address/],
  ["web", /no IPv4 or IPv6 address; names belong into `dnsNames`/],
  ["", /no IPv4 or IPv6 address/],
  ["0.0.0.0", /nobody is reached at it/],
  ["::", /nobody is reached at it/],
  ["::ffff:10.0.0.1", /write it as IPv4/],
  ["0:0:0:0:0:FFFF:a00:1", /write it as IPv4/],
] as [string, RegExp | undefined][]) {
  test(`an address: ${JSON.stringify(address)} ${problem ?? ""}`, t => {
    const found = addressProblem(address);
    if (problem) t.regex(found ?? "nothing", problem);
    else t.is(found, undefined);
  });
}

const nobody = /inputs `dnsNames` and `addresses` are both empty.*set `usages` to "client"/;
for (const [inputs, problems] of [
  [{commonName: "a", dnsNames: ["a"], addresses: ["1.2.3.4"]}, []],
  [{commonName: "a", usages: "client"}, []],
  [{commonName: "a"}, [nobody]],
  [{commonName: "a", dnsNames: [], usages: "both"}, [nobody]],
  [{commonName: "a", dnsNames: unknown}, []],
  [{commonName: unknown, dnsNames: [unknown], addresses: unknown, usages: unknown}, []],
  [{commonName: " ", dnsNames: ["a"]}, [/input `commonName` is " ", 1 characters; it must have 1 to 64/]],
  [{commonName: "x".repeat(65), dnsNames: ["a"]}, [/65 characters; it must have 1 to 64/]],
  [{commonName: "a\nb", dnsNames: ["a"]}, [/must have no control characters/]],
  [
    {commonName: "a", dnsNames: ["a_b", "ok"], addresses: ["x"]},
    [/^input `dnsNames` has "a_b": the part/, /^input `addresses` has "x": that is no IPv4/],
  ],
] as [Properties, RegExp[]][]) {
  test(`names of ${JSON.stringify(inputs).slice(0, 80)}`, t => {
    const found = nameProblems(inputs);
    t.is(found.length, problems.length, found.join("\n"));
    for (const [i, problem] of problems.entries()) t.regex(found[i]!, problem);
  });
}
