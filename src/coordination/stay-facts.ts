export { type ContentsReader, contentsOf } from './facts/contents.ts';
export type { Agreements, StayFacts } from './facts/facts.ts';
export { loadStayFacts, stayFactsByAndBy } from './facts/load-stay-facts.ts';
