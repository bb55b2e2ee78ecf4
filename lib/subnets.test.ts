import test from "ava";
import {addressAt, overlap, parseSubnet, part, showSubnet} from "./subnets.ts";

for (const text of ["198.18.0.0/22", "10.0.0.0/8", "0.0.0.0/0", "198.18.0.1/32"]) {
  test(`reads ${text}`, t => t.is(showSubnet(parseSubnet(text)!), text));
}

for (const text of ["198.18.0.1/22", "198.18.0.0", "300.0.0.0/8", "198.18.0.0/33", "x", "", 7]) {
  test(`refuses ${JSON.stringify(text)}`, t => t.is(parseSubnet(text), undefined));
}

test("parts, addresses and overlap", t => {
  const whole = parseSubnet("198.18.64.0/22")!;
  t.is(showSubnet(part(whole, 24, 2)), "198.18.66.0/24");
  t.is(addressAt(part(whole, 24, 1), 17), "198.18.65.17");
  t.true(overlap(whole, parseSubnet("198.18.66.0/24")!));
  t.true(overlap(parseSubnet("198.18.66.0/24")!, whole));
  t.false(overlap(whole, parseSubnet("198.18.68.0/22")!));
});
