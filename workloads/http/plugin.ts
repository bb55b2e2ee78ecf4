import {commonOptions} from "../options.ts";
import type {WorkloadPlugin} from "../plugin.ts";
import {check, finds} from "./checker.ts";
import {routesForm} from "./routes.ts";

/** Requests over HTTP: which routes fail, with what, and who answered. */
export const http: WorkloadPlugin = {
  name: "http",
  summary:
    "Sends requests route after route and holds every answer against the expected status and text; counts them by route and by server.",
  protocols: ["http"],
  options: {
    routes: {
      type: "string",
      default: "GET / 200",
      pattern: routesForm,
      doc: "Requests that each client sends in turn, with `;` between: `GET /items/{n} 200,304 ~text; POST /items 201`. Method, path, allowed statuses (default 200), and after `~` a text that the body must contain. `{n}` is the number of the operation.",
    },
    body: {
      type: "string",
      default: "{}",
      doc: "Body of POST, PUT and PATCH, as JSON. `{n}` is the number of the operation.",
    },
    host: {type: "string", default: "", pattern: /^[A-Za-z0-9.:-]*$/, doc: "The header `host`. Empty: the address."},
    serverHeader: {
      type: "string",
      default: "x-served-by",
      pattern: /^[A-Za-z0-9-]+$/,
      doc: "Header of the answer that names the member which gave it.",
    },
    keepAlive: {
      type: "boolean",
      default: true,
      doc: "Use one connection for many requests, as long as the server keeps it open.",
    },
    ...commonOptions,
  },
  timeoutMs: 3000,
  readsBack: false,
  finds,
  check,
};
