import * as pulumi from "@pulumi/pulumi";

/** Version of the plugin `plugins/holdfast` that these classes speak to. */
const version = "0.1.0";

export interface CertificateAuthorityArgs {
  /** Name of an authority that is made. */
  commonName?: pulumi.Input<string>;
  /** How long one that is made lives. Default 3650. */
  days?: pulumi.Input<number>;
  /** The user's own: PEM of the certificate that signs, then all up to its root, then others that are to be trusted too. */
  own?: {certificate: pulumi.Input<string>; key?: pulumi.Input<string>};
  /** Signs in place of a key: a request (PKCS#10, PEM) on its standard input, the certificate (PEM) on its standard output. */
  command?: pulumi.Input<string>[];
  /** Limit of the command. Default 60000. */
  timeoutMs?: pulumi.Input<number>;
}

/** Signs the certificates of a stack. One that was made stays: nothing but `--replace` makes another. */
export class CertificateAuthority extends pulumi.CustomResource {
  /** What clients and servers trust: PEM. */
  declare readonly certificate: pulumi.Output<string>;
  /** Absent where a command signs. */
  declare readonly key: pulumi.Output<string | undefined>;
  declare readonly command: pulumi.Output<string[] | undefined>;
  declare readonly timeoutMs: pulumi.Output<number | undefined>;
  declare readonly notAfter: pulumi.Output<string>;

  constructor(name: string, args: CertificateAuthorityArgs, opts: pulumi.CustomResourceOptions) {
    const {own, command, timeoutMs} = args;
    const inputs = {
      ...args,
      ...(own?.key ? {own: {...own, key: pulumi.secret(own.key)}} : {}),
      command,
      timeoutMs,
      certificate: undefined,
      key: undefined,
      notAfter: undefined,
    };
    super("holdfast:index:CertificateAuthority", name, inputs, {
      version,
      ...opts,
      additionalSecretOutputs: ["key"],
    });
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
    const {certificate, key, command, timeoutMs} = args.authority;
    const inputs = {
      ...args,
      authority: {certificate, key, command, timeoutMs},
      certificate: undefined,
      chain: undefined,
      key: undefined,
      notAfter: undefined,
      serial: undefined,
    };
    super("holdfast:index:Certificate", name, inputs, {version, ...opts, additionalSecretOutputs: ["key"]});
  }
}
