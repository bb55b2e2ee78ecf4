import type {ComponentArgs} from "../component.ts";

/** What a {@link MemcachedPool} takes. */
export interface MemcachedArgs extends ComponentArgs {
  /** How many members. Default 3, at most 15. Members know nothing of each other: clients spread keys over them by
   *  hash. A member more or less moves about one key in `members`, which then misses once; the others keep what they
   *  have. */
  members?: number;
  /** Memory for items of each member, in MiB. Default 64; 8 to 1048576. Beyond it the least recently used items go. The
   *  container's limit is that plus what connections and hash table take. A change makes members again, one at a time,
   *  each empty. */
  memory?: number;
  /** Connections of each member at the same time. Default 1024; 16 to 65536. More wait until one closes. A change makes
   *  members again, one at a time, each empty. */
  maxConnections?: number;
  /** Number of the zone, from 0, that member 0 is in. Default 0. Others follow round robin. */
  firstZone?: number;
}

/** {@link MemcachedArgs} with every default in place. */
export type FilledMemcached = Required<MemcachedArgs>;
