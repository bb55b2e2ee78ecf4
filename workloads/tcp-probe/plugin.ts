import {commonOptions} from "../options.ts";
import type {WorkloadPlugin} from "../plugin.ts";

/** Opens and closes connections: whether somebody answers at an address. */
export const tcpProbe: WorkloadPlugin = {
  name: "tcp-probe",
  summary: "Opens a connection, waits for the server's greeting where the protocol has one, and closes it.",
  protocols: "any",
  options: {
    greeting: {
      type: "boolean",
      default: true,
      doc: "Wait for the greeting of a mysql endpoint, which shows that a server answers and not only a proxy. A server that looks up names blocks hosts that do this more than `max_connect_errors` times: it needs skip-name-resolve.",
    },
    ...commonOptions,
  },
  timeoutMs: 3000,
  readsBack: false,
  finds: [],
  check: () => ({findings: []}),
};
