import test from "ava";
import {parseSubnet, showSubnet} from "../../lib/subnets.ts";
import {AddressBook, planSubnets} from "./addresses.ts";

test("a stack's subnet is cut into one /24 a network", t => {
  const plan = planSubnets("platform", "198.18.64.0/22");
  t.deepEqual(Object.fromEntries(Object.entries(plan).map(([k, v]) => [k, showSubnet(v)])), {
    front: "198.18.64.0/24",
    back: "198.18.65.0/24",
    mgmt: "198.18.66.0/24",
  });
});

for (const subnet of ["198.18.64.0/24", "198.18.64.1/22", "lab", ""]) {
  test(`refuses the subnet ${JSON.stringify(subnet)}`, t => {
    t.throws(() => planSubnets('platform "lab"', subnet), {
      message: /platform "lab": `subnet` is .* It takes an IPv4 subnet of \/22 or larger/,
    });
  });
}

test("scaling a component never moves another, and the engine's own addresses never meet the fixed ones", t => {
  const book = new AddressBook(parseSubnet("198.18.65.0/24")!);
  const before = [book.address("galera", 0), book.address("rabbitmq", 0)];
  t.deepEqual(before, ["198.18.65.16", "198.18.65.32"]);
  book.address("galera", 4);
  t.is(book.address("rabbitmq", 0), before[1]!);
  t.is(book.address("galera", 0), before[0]!);
  t.is(book.dynamic, "198.18.65.128/25");
  t.throws(() => book.address("galera", 16), {message: /Use fewer members/});
  for (const name of ["c", "d", "e", "f", "g"]) book.address(name, 15);
  t.throws(() => book.address("h", 0), {message: /takes 7 components/});
});
