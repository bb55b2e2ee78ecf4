import {type Problem, wholeNumber} from "../lib/problems.ts";

/** How many members a component can have. */
interface Size {
  least: number;
  most: number;
}

/** How many members those that stand are prepared for where nobody says: some more than there are. */
export const roomFor = (members: number, usual: number, {most}: Size): number =>
  Math.min(Math.max(members, usual), most);

/** What is wrong with the room that was asked for. */
export const checkRoom = (room: unknown, members: unknown, {least, most}: Size): Problem[] =>
  wholeNumber("room", room, Math.min(Number(members) || least, most), most, "At least `members`.");
