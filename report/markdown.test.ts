import test from "ava";
import {markdownTable} from "./markdown.ts";
import {sampleCache, sampleProfiles, sampleResult} from "./sample.ts";

test("a row for each scenario and set of settings, from the results alone", t => {
  const lines = markdownTable([...sampleProfiles(), sampleCache()]).split("\n");
  t.regex(
    lines[0]!,
    /^Measured on 2026-11-23 on 2 cores, 24 GiB, Debian GNU\/Linux 12 \(bookworm\), docker 20\.10\.24\.$/,
  );
  t.deepEqual(
    lines.slice(4).map(line => line.split(" | ")[0]),
    [
      "| vip/holder-killed",
      "| vip/holder-killed (profile=kolla)",
      "| vip/holder-killed (profile=openstack-ansible)",
      "| memcached/member-killed",
    ],
  );
  t.regex(
    lines[4]!,
    /\| \d+ ms \(\d+ ms to \d+ ms\) of 3 \| 450 ms \| 0 of \d+ \| 9\.30 s \(9\.30 s to 9\.30 s\) of 3 \|$/,
  );
  const cache = sampleCache();
  const {longestOutageMs, acknowledged} = cache.workloads.cache!;
  t.is(lines[7], `| memcached/member-killed | ${longestOutageMs} ms | – | – of ${acknowledged} | 9.30 s |`);
});

test("figures of several machines and days are said to be so", t => {
  const other = sampleResult({machine: {cores: 8}, started: Date.UTC(2026, 10, 25)});
  t.regex(
    markdownTable([sampleResult(), other]),
    /^Measured from 2026-11-23 to 2026-11-25 on 2 cores, .*; and on 8 cores\.$/m,
  );
  t.regex(markdownTable([]), /no machine/);
});

test("what never recovered is not counted as if it had", t => {
  const {recoveredMs: _, ...never} = sampleResult();
  t.regex(markdownTable([sampleResult(), never, never]), /9\.30 s \(9\.30 s to 9\.30 s\) of 1 \|$/);
});
