import {InvalidArgumentError} from "commander";

/** Reads a whole number of the command line. */
export function wholeNumberOption(option: string, low: number, high: number): (text: string) => number {
  return text => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= low && value <= high) return value;
    throw new InvalidArgumentError(`${option} takes a whole number from ${low} to ${high}.`);
  };
}
