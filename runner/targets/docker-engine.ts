import type Docker from "dockerode";

/** Longest time for one answer of the engine. */
export const engineLimitMs = 20_000;

/** Takes these answers of the engine for done: what was asked for is so already, or what it was asked of is gone. */
export function ignore(...codes: number[]): (error: {statusCode?: number}) => void {
  return error => {
    if (!codes.includes(error.statusCode ?? 0)) throw error;
  };
}

/** What every container of the runner may not do, and how much it may take: `memory` in MiB. What one of them needs
 *  besides is added to it. */
export function confined(memory: number, pids: number): Docker.HostConfig {
  return {
    CapDrop: ["ALL"],
    SecurityOpt: ["no-new-privileges:true"],
    ReadonlyRootfs: true,
    Init: true,
    Memory: memory * 1024 * 1024,
    MemorySwap: memory * 1024 * 1024,
    PidsLimit: pids,
    LogConfig: {Type: "none", Config: {}},
  };
}
