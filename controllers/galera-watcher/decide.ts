import {dead, type Evidence, troubled} from "./evidence.ts";
import type {Message, View, ViewMember, Vote} from "./message.ts";

/** What a watcher knows of another member at one moment. */
export interface PeerSight {
  evidence: Evidence;
  /** The group id that its daemon had in this view while a connection to it stood. Evidence is about that one and no
   *  later start. */
  held: string | undefined;
  /** Its daemon takes sessions. An arbitrator's does not. */
  holdable: boolean;
  /** The last message on the connection that stands, while it is fresh. */
  message: Message | undefined;
}

/** What a watcher knows at one moment: all that a decision may depend on. */
export interface Sight {
  me: string;
  /** The primary component that its member is in; null where there is none or that is not known just now. */
  view: View | null;
  /** Its daemon can evict. An arbitrator's cannot. */
  evicts: boolean;
  peers: Record<string, PeerSight>;
  /** Its vote in this view, this or an earlier start's. */
  vote: Vote | null;
  /** The votes ever heard in this view, by voter. */
  heard: Record<string, string>;
  /** The others that said in this view that they hear this start of the watcher: none of them can count an earlier
   *  start's vote any more. */
  acknowledged: ReadonlySet<string>;
  /** Group ids of members of this view that were ever seen, in this view, on any daemon's eviction list. Votes are in
   *  the watchers' memories alone; where all of them are started again, the lists are what is left of an eviction. */
  evicting: ReadonlySet<string>;
  /** It voted so short a time ago, in whatever view, that it does not vote again. */
  resting: boolean;
  /** Group ids on its daemon's eviction list. */
  evictionList: readonly string[];
  /** The same, those that may be cleared because they are back under another id, or were there long enough. */
  settled: ReadonlySet<string>;
  /** The group id that it evicted in this view. */
  evicted: string | undefined;
}

export interface Decision {
  /** A vote to give now. */
  vote: Vote | null;
  /** A member to evict now. */
  evict: Vote | null;
  /** Empty the eviction list, before anything is evicted. */
  clear: boolean;
  /** Members that a majority has declared dead: load balancers are told. */
  down: string[];
  /** Why it does what it does, or nothing. */
  why: string;
}

/** What a watcher does now. Eviction overrides quorum, so at most one member may be evicted from any view, by anybody:
 *  votes are given once a view, and only who has the votes of more than half of the view evicts. One eviction can never
 *  make two primary components, whoever is evicted: both would have to be more than half of the rest. */
export function decide(sight: Sight): Decision {
  const {view} = sight;
  if (!view) return nothing(sight, "its member is in no primary component");
  if (!view.members.some(m => m.name === sight.me)) return nothing(sight, "its member is not in the view");
  const [newVote, why] = sight.vote ? [null, ""] : chooseVote(sight, view);
  const vote = sight.vote ?? newVote;
  const verdict = majority(sight, view, vote);
  const clear = mayClear(sight, view);
  if (!verdict) return {vote: newVote, evict: null, clear, down: [], why: vote ? waits(sight, view, vote) : why};
  const down = [verdict.name];
  const stop = keepsFromEvicting(sight, verdict);
  if (stop) return {vote: newVote, evict: null, clear, down, why: stop};
  // Leftovers on the list make an eviction slow (5 s and more instead of 0.3 s), so they go first.
  const leftovers = sight.evictionList.length > 0 && !sight.evictionList.includes(verdict.id);
  return {vote: newVote, evict: verdict, clear: leftovers, down, why: `a majority holds ${verdict.name} for dead`};
}

/** The vote to give, or why there is none. */
function chooseVote(sight: Sight, view: View): [vote: Vote | null, why: string] {
  const none = (why: string): [null, string] => [null, why];
  const others = view.members.filter(m => m.name !== sight.me);
  const gone = others.filter(m => isDead(sight, m));
  if (gone.length === 0) {
    const doubtful = others.filter(m => sight.peers[m.name] && troubled(sight.peers[m.name]!.evidence));
    return none(doubtful.length > 0 ? doubtful.map(m => sayDoubt(m, sight)).join("; ") : "all is well");
  }
  const [victim] = gone as [ViewMember];
  if (gone.length > 1) return none(`${names(gone)}: more than one is dead`);
  const second = others.find(m => m !== victim && isTroubled(sight, m));
  if (second) return none(`${victim.name} is dead, and ${second.name} is in trouble too`);
  const told = others
    .filter(m => m !== victim)
    .flatMap(m => sight.peers[m.name]?.message?.troubled ?? [])
    .find(name => name !== victim.name && view.members.some(m => m.name === name));
  if (told) return none(`${victim.name} is dead, and another watcher has trouble with ${told}`);
  if (evictsOther(sight, victim.id))
    return none(`${victim.name} is dead, and another member of the view is being evicted`);
  const unheard = others.filter(m => !sight.acknowledged.has(m.name));
  if (unheard.length > 0) return none(`${victim.name} is dead, and ${names(unheard)} never heard this watcher`);
  if (sight.resting) return none(`${victim.name} is dead, and the last vote was just now`);
  return [{view: view.key, id: victim.id, name: victim.name}, ""];
}

function isDead(sight: Sight, member: ViewMember): boolean {
  const peer = sight.peers[member.name];
  if (!peer || peer.held !== member.id) return false;
  return dead(peer.evidence, peer.message?.daemon ?? "nothing", peer.holdable);
}

function sayDoubt({name}: ViewMember, {peers}: Sight): string {
  const {evidence, message} = peers[name]!;
  const word = evidence.session === "open" ? `, which says ${message?.daemon ?? "nothing"}` : "";
  return `${name} is not dead for sure: daemon ${evidence.hold}, watcher ${evidence.session}${word}, port ${evidence.probe}`;
}

const isTroubled = (sight: Sight, member: ViewMember): boolean => {
  const peer = sight.peers[member.name];
  return !peer || troubled(peer.evidence);
};

/** The one that more than half of the view, the dead counted as members and never as voters, has voted for. */
function majority(sight: Sight, view: View, mine: Vote | null): Vote | undefined {
  return view.members
    .map(({id, name}) => ({view: view.key, id, name}))
    .find(victim => votersOf(sight, view, victim, mine).length * 2 > view.members.length);
}

function votersOf(sight: Sight, view: View, victim: Vote, mine: Vote | null): string[] {
  return view.members
    .filter(voter => voter.id !== victim.id)
    .filter(voter => {
      if (voter.name === sight.me) return mine?.id === victim.id;
      const vote = sight.peers[voter.name]?.message?.vote;
      // The first vote heard from somebody in a view is the only one that counts.
      return vote?.view === view.key && vote.id === victim.id && sight.heard[voter.name] === victim.id;
    })
    .map(voter => voter.name);
}

function keepsFromEvicting(sight: Sight, victim: Vote): string | undefined {
  if (!sight.evicts) return `a majority holds ${victim.name} for dead; the members evict it`;
  if (victim.name === sight.me) return "the others hold this member for dead";
  if (sight.evicted !== undefined) return `${victim.name} is evicted`;
  if (evictsOther(sight, victim.id))
    return `a majority holds ${victim.name} for dead, and another member of the view is being evicted`;
  const peer = sight.peers[victim.name];
  if (peer?.evidence.hold === "open") return `a majority holds ${victim.name} for dead, but its connection stands here`;
  return undefined;
}

const evictsOther = ({evicting}: Sight, victim: string): boolean => [...evicting].some(id => id !== victim);

function waits(sight: Sight, view: View, vote: Vote): string {
  const voters = votersOf(sight, view, vote, vote);
  return `voted that ${vote.name} is dead: ${voters.length} of ${view.members.length} votes`;
}

/** Nobody on the list is in the view any more, and each is back or has been gone for long. */
const mayClear = ({evictionList, settled}: Sight, view: View): boolean =>
  evictionList.length > 0 &&
  evictionList.every(id => settled.has(id)) &&
  !evictionList.some(id => view.members.some(m => m.id === id));

const nothing = (_: Sight, why: string): Decision => ({vote: null, evict: null, clear: false, down: [], why});
const names = (members: readonly ViewMember[]): string => members.map(m => m.name).join(", ");
