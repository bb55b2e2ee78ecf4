import * as pulumi from "@pulumi/pulumi";
import {pluginVersion as version} from "./plugin.ts";

export interface CertificateAuthorityArgs {
  /** Name of an authority that is made. */
  commonName?: pulumi.Input<string>;
  /** How long one that is made lives. Default 3650. */
  days?: pulumi.Input<number>;
  /** The user's own, in PEM: the certificate that signs, all up to its root, then others that are trusted too. */
  own?: {certificate: pulumi.Input<string>; key?: pulumi.Input<string>};
  /** Signs in place of a key: it reads a request (PKCS#10, PEM) and writes the certificate (PEM). */
  command?: pulumi.Input<string>[];
  /** Limit of the command. Default 60000. */
  timeoutMs?: pulumi.Input<number>;
}

/** Who signs, as certificates are told. */
interface Signer {
  certificate: pulumi.Input<string>;
  key?: pulumi.Input<string>;
  command?: pulumi.Input<string>[];
  timeoutMs?: pulumi.Input<number>;
}

/** Signs the certificates of a stack. One that was made stays: nothing but `--replace` makes another. */
export class CertificateAuthority extends pulumi.CustomResource {
  /** What clients and servers trust: PEM. */
  declare readonly certificate: pulumi.Output<string>;
  /** Absent where a command signs. */
  declare readonly key: pulumi.Output<string | undefined>;
  declare readonly notAfter: pulumi.Output<string>;
  readonly #args: CertificateAuthorityArgs;

  constructor(name: string, args: CertificateAuthorityArgs, opts: pulumi.CustomResourceOptions) {
    const {own} = args;
    const inputs = {
      ...args,
      ...(own?.key ? {own: {...own, key: pulumi.secret(own.key)}} : {}),
      certificate: undefined,
      key: undefined,
      notAfter: undefined,
    };
    super("holdfast:index:CertificateAuthority", name, inputs, {
      version,
      ...opts,
      additionalSecretOutputs: ["key"],
    });
    this.#args = args;
  }

  /** An output that is absent is unknown in every preview, so what it does not have is left out by its arguments. */
  get signer(): Signer {
    const {command, timeoutMs} = this.#args;
    return command
      ? {certificate: this.certificate, command, ...(timeoutMs === undefined ? {} : {timeoutMs})}
      : {certificate: this.certificate, key: this.key as pulumi.Output<string>};
  }
}

export interface CertificateArgs {
  authority: CertificateAuthority;
  commonName: pulumi.Input<string>;
  /** Names by which clients reach it, also `*.example.org`. */
  dnsNames?: pulumi.Input<string>[];
  /** Addresses by which clients reach it. */
  addresses?: pulumi.Input<string>[];
  /** Default `server`. */
  usages?: "server" | "client" | "both";
  /** Default 90. */
  days?: pulumi.Input<number>;
  /** Days before its end. Default a third of its life. */
  renewBefore?: pulumi.Input<number>;
}

/** A key and its certificate, renewed by updates. */
export class Certificate extends pulumi.CustomResource {
  /** PEM of the certificate alone. */
  declare readonly certificate: pulumi.Output<string>;
  /** What it presents: the certificate and all between it and the root. */
  declare readonly chain: pulumi.Output<string>;
  /** PEM of PKCS#8. */
  declare readonly key: pulumi.Output<string>;
  declare readonly notAfter: pulumi.Output<string>;
  declare readonly serial: pulumi.Output<string>;

  constructor(name: string, args: CertificateArgs, opts: pulumi.CustomResourceOptions) {
    const inputs = {
      ...args,
      authority: args.authority.signer,
      certificate: undefined,
      chain: undefined,
      key: undefined,
      notAfter: undefined,
      serial: undefined,
    };
    super("holdfast:index:Certificate", name, inputs, {version, ...opts, additionalSecretOutputs: ["key"]});
  }
}
