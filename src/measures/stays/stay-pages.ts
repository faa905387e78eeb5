import type { Encounter } from '@medplum/fhirtypes';
import type { Calendar } from '../../coordination/calendar.ts';
import type { StayFacts } from '../../coordination/stay-facts.ts';
import { loadStayFacts } from '../../coordination/stay-facts.ts';
import type { Reader } from '../../store/store.ts';
import { pages } from '../pages.ts';

/** Stays whose facts are held in memory at a time. */
const BATCH = '500';

/** The facts of all stays, or of the stays of one subject (`Patient/[id]`, `Encounter/[id]`), batch by batch. */
export async function* stayPages(
  reader: Reader,
  calendar: Calendar,
  subject?: string,
): AsyncGenerator<readonly StayFacts[]> {
  const [type, id] = (subject ?? '').split('/');
  if (type === 'Encounter' && id !== undefined) {
    yield loadStayFacts(reader, [id], { calendar });
    return;
  }
  const parameters: [string, string][] =
    subject === undefined ? [['class', 'IMP,EMER']] : [['subject', subject]];
  for await (const page of pages<Encounter>(reader, 'Encounter', parameters, BATCH)) {
    yield await loadStayFacts(
      reader,
      page.flatMap(({ id: stay }) => stay ?? []),
      { calendar, onlyComputed: true },
    );
  }
}
