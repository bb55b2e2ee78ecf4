import type {AddressInfo} from "node:net";
import {connect, createServer, type TLSSocket} from "node:tls";
import test from "ava";
import {day, foreignAuthority, leafOf} from "../../../test/certificates.ts";
import {newLife} from "./life.ts";
import {makeAuthority, type Pair} from "./x509.ts";

const make = (commonName: string) => makeAuthority(commonName, newLife(new Date(), 3650));
const [authority, other] = [await make("lab"), await make("lab")];
const server = await leafOf(authority, {
  dnsNames: ["db.lab", "*.pool.lab"],
  addresses: ["127.0.0.1"],
  usages: "server",
});
const client = await leafOf(authority, {commonName: "app", usages: "client"});

interface Side extends Partial<Pair> {
  /** Whom it trusts. */
  trusts?: string;
}

/** One connection over the loopback in which both show a certificate; what each side says to the other's. */
async function handshake(servers: Side, clients: Side, servername?: string): Promise<{server: string; client: string}> {
  const listener = createServer({
    cert: servers.certificate,
    key: servers.key,
    ca: servers.trusts ?? authority.certificate,
    requestCert: true,
    // It ends the connection by itself below, because Node would do so without a word.
    rejectUnauthorized: false,
    minVersion: "TLSv1.3",
  });
  const judged = new Promise<string>(resolve => {
    listener.on("tlsClientError", error => resolve((error as {code?: string}).code ?? error.message));
    listener.on("secureConnection", socket => {
      socket.on("error", () => {});
      resolve(socket.authorized ? "accepted" : String(socket.authorizationError));
      if (socket.authorized) socket.end(`hello ${socket.getPeerCertificate().subject.CN}`);
      else socket.destroy();
    });
  });
  await new Promise<void>(done => listener.listen(0, "127.0.0.1", done));
  const socket = connect({
    host: "127.0.0.1",
    port: (listener.address() as AddressInfo).port,
    cert: clients.certificate,
    key: clients.key,
    ca: clients.trusts ?? authority.certificate,
    ...(servername ? {servername} : {}),
  });
  const client = await heard(socket);
  const result = {server: await judged, client};
  socket.destroy();
  listener.close();
  return result;
}

/** All that the server says, or the code of the error that ends the connection. */
const heard = (socket: TLSSocket) =>
  new Promise<string>(resolve => {
    let text = "";
    socket.setEncoding("utf8").on("data", more => {
      text += more;
    });
    socket.on("end", () => resolve(text)).on("error", error => resolve((error as {code?: string}).code ?? `${error}`));
  });

const welcome = {server: "accepted", client: "hello app"};

for (const [name, servername] of [
  ["a name", "db.lab"],
  ["a name under a star", "m1.pool.lab"],
  ["the address", undefined],
] as const) {
  test(`both sides take each other, by ${name}`, async t => {
    t.deepEqual(await handshake(server, client, servername), welcome);
  });
}

test("a name that the server does not have is refused", async t => {
  for (const name of ["lab", "other.lab", "a.b.pool.lab"]) {
    t.is((await handshake(server, client, name)).client, "ERR_TLS_CERT_ALTNAME_INVALID");
  }
  const elsewhere = await leafOf(authority, {dnsNames: ["db.lab"], addresses: ["127.0.0.2"], usages: "server"});
  t.is((await handshake(elsewhere, client)).client, "ERR_TLS_CERT_ALTNAME_INVALID");
});

test("another authority is refused by either side, though it has the same name", async t => {
  const stranger = await leafOf(other, {dnsNames: ["db.lab"]});
  t.is((await handshake(stranger, client, "db.lab")).client, "UNABLE_TO_VERIFY_LEAF_SIGNATURE");
  t.is((await handshake(server, stranger, "db.lab")).server, "UNABLE_TO_VERIFY_LEAF_SIGNATURE");
});

test("one that expired is refused by either side", async t => {
  const expired = await leafOf(authority, {dnsNames: ["db.lab"]}, new Date(Date.now() - day));
  t.is((await handshake(expired, client, "db.lab")).client, "CERT_HAS_EXPIRED");
  t.is((await handshake(server, expired, "db.lab")).server, "CERT_HAS_EXPIRED");
});

test("one is not taken for what it is not for", async t => {
  t.is((await handshake(client, client, "db.lab")).client, "INVALID_PURPOSE");
  t.is((await handshake(server, server, "db.lab")).server, "INVALID_PURPOSE");
  const both = await leafOf(authority, {commonName: "app", dnsNames: ["db.lab"], usages: "both"});
  t.deepEqual(await handshake(both, both, "db.lab"), welcome);
});

test("a client without a certificate is refused", async t => {
  t.is((await handshake(server, {}, "db.lab")).server, "UNABLE_TO_GET_ISSUER_CERT");
});

test("a server below an authority of others presents what is between", async t => {
  const root = await foreignAuthority({commonName: "root"});
  const below = await foreignAuthority({commonName: "below", issuer: root});
  const leaf = await leafOf(below, {commonName: "app", dnsNames: ["db.lab"]});
  const chained = {...leaf, certificate: leaf.certificate + below.certificate, trusts: root.certificate};
  t.deepEqual(await handshake(chained, chained, "db.lab"), welcome);
  const alone = {...leaf, trusts: root.certificate};
  t.is((await handshake(chained, alone, "db.lab")).server, "UNABLE_TO_VERIFY_LEAF_SIGNATURE");
});
