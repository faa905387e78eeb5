import type { Funding } from './model.ts';

/**
 * KL and Danske Regioner, "Rammepapir" of 18 December 2012: 10,000 courses a year; 9.74 mio. kr. for the regions and
 * 22.73 mio. kr. for the municipalities in each of 2013, 2014 and 2015. How regions share the courses is not said.
 */
export const FRAMEWORK_FUNDING: Funding = {
  courses: 10_000,
  regions: 9.74,
  municipalities: 22.73,
  source: 'KL og Danske Regioner, rammepapir af 18. december 2012 (beløb pr. år 2013–2015)',
};
