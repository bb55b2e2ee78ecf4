import test from "ava";
import fc from "fast-check";
import {parseDelivery, showDelivery} from "./deliveries.ts";

test("deliveries go through their text", t => {
  fc.assert(
    fc.property(fc.nat(99), fc.nat(), fc.integer({min: 1, max: 50}), fc.boolean(), (client, n, link, redelivered) => {
      const delivery = {value: `${client}-${n}`, link, redelivered};
      t.deepEqual(parseDelivery(showDelivery(delivery)), delivery);
    }),
  );
  t.is(showDelivery({value: "0-17", link: 1, redelivered: false}), "0-17");
});
