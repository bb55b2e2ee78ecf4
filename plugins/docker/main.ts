import {serve} from "../base/serve.ts";
import {dockerProvider} from "./provider.ts";

await serve(dockerProvider);
