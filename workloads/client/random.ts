/** Numbers from 0 to 2^32 - 1 that follow from the given ones alone: whoever asks again gets the same. mulberry32's
 *  step, which is enough to pick keys. */
export function dice(...from: number[]): () => number {
  let state = 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return (t ^ (t >>> 14)) >>> 0;
  };
  for (const number of from) state = (next() ^ Math.imul(number, 0x9e3779b1)) >>> 0;
  return next;
}
