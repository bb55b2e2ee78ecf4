import {type ChildProcess, spawn} from "node:child_process";
import {existsSync, mkdtempSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import type {Readable, Writable} from "node:stream";

/** A headless Chromium that looks at one page at a time, for the test of the pages and the pictures of the docs. */
export interface Browser {
  look(url: string, screen: {width: number; height?: number; dark?: boolean; scale?: number}): Promise<Look>;
  close(): Promise<void>;
}

export interface Look {
  /** Errors of scripts and on the console, refused loads. */
  errors: string[];
  /** Every address that the page asked for, its own included. */
  requests: string[];
  /** What the expression gives in the page. */
  evaluate<T>(expression: string): Promise<T>;
  /** A PNG of the page from top to bottom, or `height` pixels of it from `y` on. */
  picture(height?: number, y?: number): Promise<Buffer>;
}

/** Path of a Chromium or Chrome on this machine; undefined when there is none. */
export function findChromium(): string | undefined {
  const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
  const folders = (process.env.PATH ?? "").split(":");
  return names.flatMap(name => folders.map(folder => join(folder, name))).find(existsSync);
}

const flags = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--disable-dev-shm-usage",
  "--hide-scrollbars",
  "--remote-debugging-pipe",
];

/** Longest time for one answer of the browser, milliseconds. */
const limitMs = 30_000;

interface Message {
  id?: number;
  method?: string;
  params?: Record<string, unknown>;
  sessionId?: string;
  result?: Record<string, unknown>;
  error?: {message: string};
}

/** Starts the browser with a new profile, which `close` removes. */
export async function openBrowser(program: string): Promise<Browser> {
  const profile = mkdtempSync(join(tmpdir(), "holdfast-chromium-"));
  const child = spawn(program, [...flags, `--user-data-dir=${profile}`], {
    stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"],
  });
  const wire = new Wire(child);
  return {
    look: (url, screen) => look(wire, url, screen),
    async close() {
      const gone = new Promise(resolve => child.once("exit", resolve));
      await wire.ask("Browser.close").catch(() => child.kill("SIGKILL"));
      await Promise.race([gone, new Promise(resolve => setTimeout(resolve, 5000))]);
      if (child.exitCode === null) child.kill("SIGKILL");
      rmSync(profile, {recursive: true, force: true, maxRetries: 5, retryDelay: 200});
    },
  };
}

async function look(wire: Wire, url: string, screen: Parameters<Browser["look"]>[1]): Promise<Look> {
  const {targetId} = await wire.ask("Target.createTarget", {url: "about:blank"});
  const {sessionId} = await wire.ask("Target.attachToTarget", {targetId, flatten: true});
  const session = sessionId as string;
  const ask = (method: string, params?: object) => wire.ask(method, params, session);
  const errors: string[] = [];
  const requests: string[] = [];
  const loaded = Promise.withResolvers<void>();
  wire.listeners.add(({method, params = {}, sessionId: from}) => {
    if (from !== session) return;
    const text = JSON.stringify(params);
    if (method === "Runtime.exceptionThrown") errors.push(text);
    if (method === "Log.entryAdded" && text.includes('"level":"error"')) errors.push(text);
    if (method === "Runtime.consoleAPICalled" && params.type === "error") errors.push(text);
    if (method === "Network.requestWillBeSent") requests.push((params.request as {url: string}).url);
    if (method === "Page.loadEventFired") loaded.resolve();
  });
  for (const domain of ["Page", "Runtime", "Log", "Network"]) await ask(`${domain}.enable`);
  const metrics = {
    width: screen.width,
    height: screen.height ?? 900,
    deviceScaleFactor: screen.scale ?? 1,
    mobile: screen.width < 640,
  };
  await ask("Emulation.setDeviceMetricsOverride", metrics);
  const features = [{name: "prefers-color-scheme", value: screen.dark ? "dark" : "light"}];
  await ask("Emulation.setEmulatedMedia", {features});
  await ask("Page.navigate", {url});
  await within(loaded.promise, `load of ${url}`);
  const evaluate = async <T>(expression: string) => {
    const params = {expression, returnByValue: true, awaitPromise: true};
    const answer = await ask("Runtime.evaluate", params);
    if (answer.exceptionDetails) throw new Error(`${expression}: ${JSON.stringify(answer.exceptionDetails)}`);
    return (answer.result as {value: T}).value;
  };
  await evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))");
  return {
    errors,
    requests,
    evaluate,
    async picture(height, y = 0) {
      const whole = height ?? (await evaluate<number>("document.documentElement.scrollHeight"));
      const clip = {x: 0, y, width: screen.width, height: whole, scale: 1};
      const {data} = await ask("Page.captureScreenshot", {format: "png", captureBeyondViewport: true, clip});
      return Buffer.from(data as string, "base64");
    },
  };
}

/** The DevTools protocol over the browser's pipe: JSON documents, each ended by a zero byte. */
class Wire {
  readonly listeners = new Set<(message: Message) => void>();
  private readonly waiting = new Map<number, PromiseWithResolvers<Record<string, unknown>>>();
  private readonly input: Writable;
  private last = 0;

  constructor(child: ChildProcess) {
    this.input = child.stdio[3] as Writable;
    this.input.on("error", () => {});
    let text = "";
    (child.stdio[4] as Readable).setEncoding("utf8").on("data", (chunk: string) => {
      const parts = (text + chunk).split("\0");
      text = parts.pop()!;
      for (const part of parts) this.take(JSON.parse(part) as Message);
    });
    child.on("exit", code => {
      for (const w of this.waiting.values()) w.reject(new Error(`Chromium ended with code ${code}`));
    });
  }

  ask(method: string, params: object = {}, sessionId?: string): Promise<Record<string, unknown>> {
    const id = ++this.last;
    const waiter = Promise.withResolvers<Record<string, unknown>>();
    this.waiting.set(id, waiter);
    this.input.write(`${JSON.stringify({id, method, params, ...(sessionId ? {sessionId} : {})})}\0`);
    return within(waiter.promise, method);
  }

  private take(message: Message): void {
    for (const listener of this.listeners) listener(message);
    if (message.id === undefined) return;
    const waiter = this.waiting.get(message.id);
    this.waiting.delete(message.id);
    if (message.error) waiter?.reject(new Error(message.error.message));
    else waiter?.resolve(message.result ?? {});
  }
}

async function within<T>(promise: Promise<T>, what: string): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => late.reject(new Error(`Chromium: no answer to ${what} within ${limitMs / 1000} s`)),
    limitMs,
  );
  try {
    return await Promise.race([promise, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
