import test from "ava";
import fc from "fast-check";
import {redactor} from "./redact.ts";

test("a value is taken out wherever it stands, and its name says which", t => {
  const redact = redactor({"galera-app": "S3cr3t/+word", "galera-root": "S3cr3t/+word-and-more"});
  t.is(redact("-p S3cr3t/+word -u app"), "-p [secret galera-app] -u app");
  t.is(redact("a longer value first: S3cr3t/+word-and-more"), "a longer value first: [secret galera-root]");
  t.is(redact("http://app:S3cr3t%2F%2Bword@db"), "http://app:[secret galera-app]@db");
  t.is(redact(`auth ${Buffer.from("S3cr3t/+word").toString("base64")}`), "auth [secret galera-app]");
});

test("a line of a key is taken out alone too", t => {
  const redact = redactor({key: "-----BEGIN-----\nMIIBOgIBAAJBAKj34\n-----END-----\n"});
  t.is(redact("loaded MIIBOgIBAAJBAKj34"), "loaded [secret key]");
});

test("quoted by a program", t => {
  const redact = redactor({p: 'a"b\\c-long'});
  t.is(redact(JSON.stringify({password: 'a"b\\c-long'})), '{"password":"[secret p]"}');
});

test("an empty value changes nothing", t => t.is(redactor({none: "", space: " "})("as it was"), "as it was"));

test("no value of six letters or more is left in any text", t => {
  const secret = fc.string({minLength: 6, maxLength: 20}).filter(s => s.trim().length >= 6);
  fc.assert(
    fc.property(secret, fc.string(), fc.string(), (value, before, after) => {
      fc.pre(!"[secret s]".includes(value));
      t.false(redactor({s: value})(`${before}${value}${after}`).includes(value));
    }),
  );
});
