import {serve} from "../base/serve.ts";
import {holdfastProvider} from "./provider.ts";

await serve(holdfastProvider);
