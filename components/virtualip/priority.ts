/** Priorities of the members that there is room for: falling with the number, so that two backups never bid the same.
 *  The claim of 100, which a member adds while another does not answer, lifts each of them above every priority without
 *  claim (at most 150 + 100: VRRP's own end is 254). */
export function priorityOf(index: number, room: number): number {
  return 50 + Math.round((100 * (room - index)) / room);
}
