import test from "ava";
import type {WorkloadOrder} from "../../lib/workload.ts";
import type {Link, openLink} from "./link.ts";
import {Receiver} from "./receiver.ts";

/** A broker that delivers one message to each consumer, or says what it says, and has nothing left then. */
function broker(says: (consumer: number) => string | undefined): typeof openLink {
  let consumers = 0;
  return async () => {
    let open = true;
    const number = consumers++;
    const answer = async () => {
      const code = says(number);
      if (code) throw Object.assign(new Error(`the broker said ${code}`), {code});
    };
    return {
      get open() {
        return open;
      },
      destroy: () => (open = false),
      channel: {
        on: () => {},
        basicQos: async () => {},
        basicAck: () => {},
        close: async () => {},
        queueDeclare: async () => {
          await answer();
          return {messageCount: 0};
        },
        basicConsume: async (_: object, take: (message: object) => void) => {
          await answer();
          take({messageId: `0-${number}`, redelivered: false, deliveryTag: 1});
        },
      },
    } as unknown as Link;
  };
}
const receiver = (says: (consumer: number) => string | undefined) =>
  new Receiver({} as WorkloadOrder, "q", broker(says), 300);

test("a queue that the broker does not find, twice, is gone with what was in it", async t => {
  const one = receiver(() => "NOT_FOUND");
  t.deepEqual(await one.drain(Date.now() + 5000, new Set(["0-0"])), []);
});

test("what was said before the final read counts for nothing", async t => {
  const one = receiver(consumer => (consumer < 3 ? "NOT_FOUND" : undefined));
  one.start();
  await new Promise(resolve => setTimeout(resolve, 450));
  t.deepEqual(await one.drain(Date.now() + 5000, new Set(["0-3"])), ["0-3@4"]);
});

test("a queue that is found again is read", async t => {
  const one = receiver(consumer => (consumer < 2 ? "NOT_FOUND" : undefined));
  t.deepEqual(await one.drain(Date.now() + 5000, new Set(["0-2"])), ["0-2@3"]);
});

test("any other answer says nothing of the queue", async t => {
  const one = receiver(consumer => (consumer === 1 ? "NOT_FOUND" : "CONN_CLOSE"));
  const error = await t.throwsAsync(one.drain(Date.now() + 1500, new Set(["0-0"])));
  t.regex(error!.message, /was not empty at the deadline; last seen: the broker said/);
  one.stop();
});
