import type {
  Bundle,
  CarePlan,
  Communication,
  Encounter,
  MessageHeader,
  Resource,
  Task,
} from '@medplum/fhirtypes';
import { IDENTIFIER_SYSTEM } from '../../fhir/canonical.ts';
import { idOf } from '../../synthetic/identity.ts';
import { notifications } from '../../synthetic/medcom/notifications.ts';
import type { Letter, PlannedStay } from '../../synthetic/plan/types.ts';
import { courseBundle } from '../../synthetic/render/bundle.ts';
import { exchange } from '../../synthetic/render/exchange.ts';
import { practiceKey } from '../../synthetic/render/organisations.ts';
import { plans } from '../../synthetic/render/plans.ts';
import { episodeIdentifier } from '../../synthetic/render/stay.ts';
import { CliError } from '../io.ts';
import { letter, STORY, TIMES } from './citizen.ts';
import { type Client, matchesOf } from './client.ts';
import type { Teller } from './teller.ts';

export interface Parties {
  readonly hospital: Client;
  readonly municipality: Client;
  readonly practice: Client;
}

const [stay] = STORY.stays;

/** `ok`, and the identifier of the message that it answers. */
function acknowledgementText(answer: Bundle): string {
  const header = matchesOf<MessageHeader>(answer).find((one) => one.resourceType === 'MessageHeader');
  const { code, identifier } = header?.response ?? {};
  return `Acknowledgement ${code ?? 'missing'} for message ${identifier ?? '?'}`;
}

async function sendNotification(hospital: Client, message: Bundle, tell: Teller): Promise<void> {
  const answer = await hospital.post('/$process-message', message);
  tell.answer(acknowledgementText(answer));
}

/** What everyone owes for the stay, as the server has planned it. */
async function tellObligations(asking: Client, stayId: string, tell: Teller): Promise<void> {
  const tasks = matchesOf<Task>(await asking.get(`/Task?encounter=Encounter/${stayId}&_count=50`));
  const line = (task: Task): string => {
    const name = task.code?.coding?.[0]?.display ?? task.code?.coding?.[0]?.code ?? '';
    const due = task.restriction?.period?.end;
    return `${name}: ${task.status}${due === undefined ? '' : `, due ${tell.time(due)}`}`;
  };
  const order = (task: Task): string => task.restriction?.period?.end ?? '';
  for (const task of tasks.sort((a, b) => order(a).localeCompare(order(b)))) tell.detail(line(task));
}

/** Posts a letter or plan on the stay that the server made of the notification. */
async function send(
  from: Client,
  stayId: string,
  resource: Resource & { id?: string },
  tell: Teller,
): Promise<void> {
  const { id: _assigned, ...rest } = { ...resource, encounter: { reference: `Encounter/${stayId}` } };
  const stored = await from.post<Resource>(`/${resource.resourceType}`, rest as Resource);
  tell.answer(`201 ${resource.resourceType}/${stored.id} version ${stored.meta?.versionId}`);
}

const sent = (kind: Letter['kind'], at: keyof typeof TIMES): Communication =>
  exchange(STORY, stay, letter(kind, at));

/** The plan as both agreed to it, while she is still in hospital. */
function jointPlan(): Resource {
  const agreed: PlannedStay = {
    ...stay,
    jointPlan: {
      key: `${stay.key}/discharge-plan`,
      hospitalAgreed: Date.parse(TIMES.planned),
      municipalityAgreed: Date.parse(TIMES.agreed),
    },
  };
  return { ...plans(STORY, agreed)[0], status: 'active' } as CarePlan;
}

async function stayOf(hospital: Client): Promise<string> {
  const value = episodeIdentifier(stay).replaceAll('-', '');
  const found = await hospital.get(`/Encounter?identifier=${IDENTIFIER_SYSTEM.stayEpisode}|${value}`);
  const [encounter] = matchesOf<Encounter>(found);
  if (encounter?.id === undefined)
    throw new CliError('the stay of the story was not found by its episode identifier');
  return encounter.id;
}

/** Tells the story of one citizen from admission to discharge letter, over HTTP. @returns the id of the stay */
export async function tellStory(
  { hospital, municipality, practice }: Parties,
  tell: Teller,
): Promise<string> {
  const [admission, discharge] = notifications(STORY.citizen, stay) as [Bundle, Bundle];
  const { coordinator, citizen } = STORY;
  tell.begin(
    `${citizen.given.join(' ')} ${citizen.family}, 77, Aarhus; coordinator ${coordinator.given} ${coordinator.family}`,
  );

  tell.step(
    '2026-03-02T09:00:00+01:00',
    'municipality',
    'opens the course with its named coordinator (transaction)',
  );
  const opened = await municipality.post('', courseBundle({ ...STORY, stays: [] }));
  tell.answer(`${opened.entry?.length} resources stored in one transaction`);

  tell.step(
    TIMES.admitted,
    'hospital',
    'admits her: HospitalNotification STIN, asks for the admission report',
  );
  await sendNotification(hospital, admission, tell);
  const stayId = await stayOf(hospital);
  await tellObligations(municipality, stayId, tell);

  tell.step(TIMES.reported, 'municipality', 'sends the admission report');
  await send(municipality, stayId, sent('admission-report', 'reported'), tell);

  tell.step(TIMES.planned, 'hospital', 'sends the care pathway plan');
  await send(hospital, stayId, sent('care-pathway-plan', 'planned'), tell);

  tell.step(TIMES.agreed, 'municipality', 'agrees to the joint plan for the discharge');
  await send(municipality, stayId, jointPlan(), tell);

  tell.step(
    TIMES.notified,
    'hospital',
    `sends the ready-for-discharge notice: treated since ${tell.time(TIMES.treated)}`,
  );
  await send(hospital, stayId, sent('ready-for-discharge', 'notified'), tell);

  tell.step(TIMES.discharged, 'hospital', 'discharges her: HospitalNotification SLHJ');
  await sendNotification(hospital, discharge, tell);
  tell.answer('the same message once more, as after a lost answer:');
  await sendNotification(hospital, discharge, tell);

  tell.step(TIMES.dischargeReported, 'hospital', 'sends the discharge report');
  await send(hospital, stayId, sent('discharge-report', 'dischargeReported'), tell);

  tell.step(TIMES.letter, 'hospital', 'sends the discharge letter to her practice');
  await send(hospital, stayId, sent('discharge-letter', 'letter'), tell);

  const own = citizen.practice === undefined ? '' : idOf(practiceKey(citizen.practice));
  tell.step(TIMES.letter, 'practice', 'looks for letters to it, and at what is owed');
  const letters = matchesOf<Communication>(
    await practice.get(`/Communication?recipient=Organization/${own}`),
  );
  tell.answer(
    letters
      .map((one) => `${one.category?.[0]?.coding?.[0]?.display}, sent ${tell.time(one.sent ?? '')}`)
      .join('; '),
  );
  await tellObligations(practice, stayId, tell);
  return stayId;
}
