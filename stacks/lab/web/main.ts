/** The lab's HTTP service. On SIGTERM it tells health checks that it leaves, and ends when proxies have had the time to
 *  see it. */
import {serve} from "./serve.ts";

const {HOLDFAST_MEMBER, HOLDFAST_ADDRESS, HOLDFAST_PORT, HOLDFAST_HEALTH, HOLDFAST_DRAIN_SECONDS} = process.env;
let leaving = false;
const server = serve({member: HOLDFAST_MEMBER ?? "", healthPath: HOLDFAST_HEALTH ?? "/health"}, () => leaving);
server.on("error", error => {
  console.error(`web: ${error.message}`);
  process.exit(1);
});
server.listen(Number(HOLDFAST_PORT), HOLDFAST_ADDRESS, () =>
  console.error(`web: listens on ${HOLDFAST_ADDRESS}:${HOLDFAST_PORT}`),
);

for (const signal of ["SIGTERM", "SIGINT"] as const)
  process.on(signal, () => {
    if (leaving) return;
    leaving = true;
    console.error("web: leaving");
    setTimeout(
      () => {
        server.close(() => process.exit(0));
        server.closeIdleConnections();
        setTimeout(() => process.exit(0), 2000).unref();
      },
      Number(HOLDFAST_DRAIN_SECONDS ?? 2) * 1000,
    );
  });
