/** Most digits that are added. */
const most = 7;

/** Two figures that stand side by side, with digits enough to differ where the values do: `0.9874` and `0.99` rather
 *  than `0.99` twice. `show` writes one with so many digits more than it would have alone. */
export function apart(a: number, b: number, show: (value: number, more: number) => string): [string, string] {
  const both = (more: number): [string, string] => [show(a, more), show(b, more)];
  for (let more = 0; a !== b && more <= most; more++) {
    const [one, other] = both(more);
    if (one !== other) return [one, other];
  }
  return both(0);
}
