import type {Provider} from "../base/resource.ts";
import {configureDocker} from "../docker/client.ts";
import {certificateAuthority} from "./certificates/authority.ts";
import {certificate} from "./certificates/certificate.ts";
import {systemTime} from "./certificates/life.ts";
import {gate} from "./gate.ts";
import {job} from "./job.ts";
import {keeper} from "./keeper.ts";
import {leave} from "./leave.ts";
import {secret} from "./secret.ts";

/** This project's own resources. */
export const holdfastProvider: Provider = {
  name: "holdfast",
  version: "0.1.0",
  config: {host: {shape: "string"}},
  configure: configureDocker,
  types: [secret, job, gate, leave, keeper, certificateAuthority(systemTime), certificate(systemTime)],
  advice: "leave it out",
};
