import {unlessAborted, within} from "../../lib/limit.ts";
import {firstLine} from "../../lib/problems.ts";
import type {Verdict} from "../../lib/result.ts";

/** How long the preview may take. */
const limitMs = 120_000;

/** Whether a preview with refresh shows no change, and what it shows. */
export type Converge = (signal: AbortSignal) => Promise<{converged: boolean; detail: string}>;

/** What a run that did not converge, or of which that is not known, has worse. */
export interface Converged {
  converged?: boolean;
  blame?: {verdict: Verdict; reason: string};
}

/** Asks whether the stack is again as its program says. `cut`: why the run was ended early, where it was. */
export async function askConverged(
  converge: Converge,
  signal: AbortSignal,
  cut: () => string | undefined,
): Promise<Converged> {
  try {
    const {converged, detail} = await within(limitMs, "The preview", unlessAborted(signal, converge(signal)));
    if (converged) return {converged};
    return {converged, blame: {verdict: "fail", reason: `The stack did not converge: ${detail}`}};
  } catch (error) {
    const reason = cut() ?? `Whether the stack converged is not known: ${firstLine(error)}`;
    return {blame: {verdict: "unknown", reason}};
  }
}
