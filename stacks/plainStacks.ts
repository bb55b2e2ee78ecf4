// The engine's SDK installs source-map support from the ts-node that it carries, and takes a stack trace for every
// promise that it makes, by an error without a message. Mapping those takes 2 of the 5 s of processor time of a program
// with 78 resources, for nothing: Node runs these sources as they are, so there is no source map. Writing them as text
// takes another 0.8 s of 12 with 226 resources, and only the SDK's report of promises that never end would show them.
// For the place of a resource it takes a trace without a limit: that one is written. A stack imports this file first.
(Error as {prepareStackTrace?: unknown}).prepareStackTrace = (
  error: Error,
  sites: readonly NodeJS.CallSite[],
): string =>
  error.message === "" && Error.stackTraceLimit !== Number.POSITIVE_INFINITY
    ? ""
    : [String(error), ...sites.map(site => `    at ${site}`)].join("\n");
