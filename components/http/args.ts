import type {ComponentArgs} from "../component.ts";

/** What an {@link HttpService} takes. A change of any of it makes the members again, one at a time. */
export interface HttpServiceArgs extends ComponentArgs {
  /** Image recipe of the service: the folder under `templates/`. It has bash, which the health check is written in. */
  image: string;
  /** Program with its arguments. It gets `HOLDFAST_ADDRESS` and `HOLDFAST_PORT` to listen on, and `HOLDFAST_MEMBER`,
   *  its name. On SIGTERM it answers 404 to the health check and goes on to serve for `drainSeconds`, so that proxies
   *  send nothing more before it ends. */
  command: string[];
  /** How many members: 2 to 15. Default 3. They share nothing: all but one may be lost, as long as one can carry the
   *  load. */
  members?: number;
  /** How many members the service may grow to without touching the proxies in front of it, which know of all from the
   *  start. Default 5, or `members` where that is more; at most 15. Each costs a check that nobody answers. */
  room?: number;
  /** User number in the image. Default 65534. */
  user?: string;
  /** Port of the members on the back network. Default 8080. */
  port?: number;
  /** Path that answers 200 while a member may be sent requests. Default `/health`. */
  healthPath?: string;
  /** Seconds between SIGTERM and the end of the service, given to it as `HOLDFAST_DRAIN_SECONDS`. Default 2: longer
   *  than the proxies' checks take to see the 404 (`fall` x interval, 0.25 s by default). */
  drainSeconds?: number;
  /** Plain settings, never secrets. */
  env?: Record<string, string>;
  /** Memory limit of each member in MiB. Default 96. */
  memory?: number;
  /** Number of the zone, from 0, that member 0 is in. Default 0. Others follow round robin. */
  firstZone?: number;
}

/** {@link HttpServiceArgs} with every default in place. */
export type FilledHttpService = Required<HttpServiceArgs>;
