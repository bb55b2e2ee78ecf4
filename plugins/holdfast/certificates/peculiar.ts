// The library resolves its algorithms by metadata of classes, which Node does not have by itself.
import "reflect-metadata";

export * from "@peculiar/x509";
