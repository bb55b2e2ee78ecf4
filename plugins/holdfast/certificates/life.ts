import type {X509Certificate} from "node:crypto";

const day = 86_400_000;

/** Certificates begin a little before they are made: clocks of members differ. */
const skewMs = 5 * 60_000;

export type Now = () => Date;
export const systemTime: Now = () => new Date();

export interface Life {
  notBefore: Date;
  notAfter: Date;
}

/** As it stands in outputs: `2026-11-29T17:40:45Z`. */
export const timeText = (time: Date) => `${time.toISOString().slice(0, 19)}Z`;

export const lifeOf = (certificate: X509Certificate): Life => ({
  notBefore: certificate.validFromDate,
  notAfter: certificate.validToDate,
});

/** The life of a new certificate, in whole seconds as certificates count. One below `within` does not outlive it. */
export function newLife(now: Date, days: number, within?: Life): Life {
  const second = Math.floor(now.getTime() / 1000) * 1000;
  const [begin, end] = [second - skewMs, second + days * day];
  return {
    notBefore: new Date(Math.max(begin, within?.notBefore.getTime() ?? begin)),
    notAfter: new Date(Math.min(end, within?.notAfter.getTime() ?? end)),
  };
}

/** The time that all have in common. */
export const commonLife = (certificates: X509Certificate[]): Life => ({
  notBefore: new Date(Math.max(...certificates.map(one => one.validFromDate.getTime()))),
  notAfter: new Date(Math.min(...certificates.map(one => one.validToDate.getTime()))),
});

/** Days that are left, rounded down; negative when it is over. */
export const daysLeft = (life: Life, now: Date) => Math.floor((life.notAfter.getTime() - now.getTime()) / day);

/** True when so many days, or without them a third of its life, or less is left. */
export function isLate(life: Life, now: Date, renewBefore?: number): boolean {
  const whole = life.notAfter.getTime() - life.notBefore.getTime();
  const asked = renewBefore === undefined ? undefined : renewBefore * day;
  // What a command signs may live shorter than asked, and would be renewed at every update.
  const margin = asked !== undefined && asked < whole ? asked : whole / 3;
  return life.notAfter.getTime() - now.getTime() <= margin;
}
