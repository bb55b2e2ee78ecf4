import type * as Messages from "@pulumi/pulumi/proto/provider_pb.js";
import provider from "@pulumi/pulumi/proto/provider_pb.js";
import type {Change} from "./diff.ts";
import {toStruct} from "./struct.ts";
import type {Properties} from "./values.ts";

/** The answer to a check: inputs, and every problem. */
export function checked(inputs: Properties, problems: string[]): Messages.CheckResponse {
  const response = new provider.CheckResponse();
  response.setInputs(toStruct(inputs));
  response.setFailuresList(problems.map(reason => new provider.CheckFailure().setReason(reason)));
  return response;
}

/** The answer to a diff. `collides`: the new one cannot be made while the old one is there. */
export function diffResponse(changes: Change[], collides: boolean): Messages.DiffResponse {
  const {DiffChanges} = provider.DiffResponse;
  const {Kind} = provider.PropertyDiff;
  const response = new provider.DiffResponse();
  const replaces = changes.filter(change => change.replace).map(change => change.key);
  response.setChanges(changes.length ? DiffChanges.DIFF_SOME : DiffChanges.DIFF_NONE);
  response.setDiffsList(changes.map(change => change.key));
  response.setReplacesList(replaces);
  response.setDeletebeforereplace(replaces.length > 0 && collides);
  response.setHasdetaileddiff(true);
  for (const {key, kind, replace, output} of changes) {
    const [plainKind, replaceKind] = {
      add: [Kind.ADD, Kind.ADD_REPLACE] as const,
      delete: [Kind.DELETE, Kind.DELETE_REPLACE] as const,
      update: [Kind.UPDATE, Kind.UPDATE_REPLACE] as const,
    }[kind];
    const detail = new provider.PropertyDiff().setKind(replace ? replaceKind : plainKind).setInputdiff(!output);
    response.getDetaileddiffMap().set(key, detail);
  }
  return response;
}
