// The engine's SDK installs source-map support from the ts-node that it carries, and takes a stack trace for every promise that it makes.
// Mapping those takes 2 of the 5 s of processor time of a program with 78 resources, for nothing: Node runs these sources as they are, so
// there is no source map. A stack imports this file first.
(Error as {prepareStackTrace?: unknown}).prepareStackTrace = undefined;
