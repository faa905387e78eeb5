import { randomUUID } from 'node:crypto';
import type { DiagnosticReport, Media, Observation } from '@medplum/fhirtypes';
import { parseSearch } from '../../fhir/search/parse.ts';
import type { Change, Reader, StoreTransaction } from '../../store/store.ts';
import type { ReadyMessage } from '../message/handler.ts';
import { localise } from '../message/localise.ts';
import { invalid, missing } from '../message/message-error.ts';
import { idFromMessage, messageIdentifier, REPLACED_MESSAGE } from '../message/message-ids.ts';
import { requireParties, requirePatient } from '../message/parties-of-message.ts';
import { idOf, type Message } from '../message/read-message.ts';
import { citizenChange, findCitizen } from '../parties/citizen.ts';
import { knowOrganisations } from '../parties/organisations.ts';

type Report = DiagnosticReport & { readonly id: string };

const ACTIVITIES = ['new-message', 'modified-message', 'retract-message'];

/** HomeCareObservation: the municipality's measurements become Observations of the citizen, under their report. */
export function receiveObservations(message: Message): ReadyMessage {
  if (!ACTIVITIES.includes(message.activity)) {
    throw invalid(
      'Provenance.activity',
      `Home care observations are one of ${ACTIVITIES.join(', ')}.`,
      'MSG_VALUESET_VALUE_UNKNOWN',
    );
  }
  const report = message.resolve<DiagnosticReport>('DiagnosticReport', message.header.focus?.[0]);
  if (report === undefined) {
    throw missing(
      'MessageHeader.focus',
      'MessageHeader.focus must refer to the DiagnosticReport in the same message.',
    );
  }
  const patient = requirePatient(message, report.subject, 'DiagnosticReport.subject');
  const parties = requireParties(message);
  return {
    patient,
    apply: async (transaction, received) => {
      const stored = await findCitizen(transaction, patient);
      const citizenId = stored?.id ?? randomUUID();
      const organisations = await knowOrganisations(transaction, [parties.sender, parties.receiver]);
      const local = localIds(message);
      local.set(`Patient/${patient.id}`, `Patient/${citizenId}`);
      for (const party of [parties.sender, parties.receiver])
        local.set(`Organization/${party.id}`, organisations.reference(party));
      const superseded =
        message.activity === 'retract-message' || (await isReplaced(transaction, message.header.id));
      await transaction.write([
        ...organisations.changes,
        ...citizenChange(stored, { ...patient, id: citizenId }, undefined).changes,
        ...contentOf(message, report, local, received, superseded),
        ...(await withdrawn(transaction, message.predecessors)),
      ]);
    },
  };
}

/** Where each of the message's results is stored. */
function localIds(message: Message): Map<string, string> {
  const types = new Set(['DiagnosticReport', 'Observation']);
  return new Map(
    (message.bundle.entry ?? []).flatMap(({ resource }): [string, string][] => {
      if (resource?.id === undefined || !types.has(resource.resourceType)) return [];
      const key = `${resource.resourceType}/${resource.id}`;
      return [[key, `${resource.resourceType}/${idFromMessage(message.header.id, key)}`]];
    }),
  );
}

function contentOf(
  message: Message,
  report: DiagnosticReport,
  local: ReadonlyMap<string, string>,
  received: string,
  superseded: boolean,
): readonly Change[] {
  const status = superseded ? { status: 'entered-in-error' as const } : {};
  const identifiers = [
    messageIdentifier(message.header.id),
    ...message.predecessors.map((value) => ({ system: REPLACED_MESSAGE, value })),
  ];
  const observations = (message.bundle.entry ?? []).flatMap(({ resource }): Change[] => {
    if (resource?.resourceType !== 'Observation') return [];
    const { meta: _meta, text: _text, ...told } = localise(resource, message, local) as Observation;
    const id = local.get(`Observation/${resource.id}`)!.slice('Observation/'.length);
    return [{ op: 'create', resource: { ...told, id, ...status } }];
  });
  const { meta: _meta, text: _text, media, ...told } = localise(report, message, local);
  const forms = (report.media ?? []).flatMap(({ link }) =>
    attachment(message, message.resolve<Media>('Media', link)),
  );
  return [
    ...observations,
    ...forms.map((form) => form.change),
    {
      op: 'create',
      resource: {
        ...told,
        id: local.get(`DiagnosticReport/${report.id}`)!.slice('DiagnosticReport/'.length),
        identifier: [...(told.identifier ?? []), ...identifiers],
        issued: told.issued ?? received,
        ...(media === undefined || forms.length === 0
          ? {}
          : { presentedForm: forms.map((form) => form.attachment) }),
        ...status,
      } as Report,
    },
  ];
}

function attachment(message: Message, media: Media | undefined) {
  const { data, ...content } = media?.content ?? {};
  if (data === undefined) return [];
  const id = idFromMessage(message.header.id, `Media/${media?.id}`);
  const contentType = content.contentType ?? 'application/octet-stream';
  const change: Change = { op: 'create', resource: { resourceType: 'Binary', id, contentType, data } };
  return [
    { change, attachment: { ...content, url: `Binary/${id}`, size: Buffer.from(data, 'base64').length } },
  ];
}

/** A modification or retraction of this message came before it. */
async function isReplaced(reader: Reader, headerId: string): Promise<boolean> {
  return (await reports(reader, REPLACED_MESSAGE, headerId)).length > 0;
}

/** The results of the messages that this one modifies or takes back: entered in error, kept in history. */
async function withdrawn(
  transaction: StoreTransaction,
  predecessors: readonly string[],
): Promise<readonly Change[]> {
  const found = (
    await Promise.all(
      predecessors.map((value) => reports(transaction, messageIdentifier(value).system, value)),
    )
  ).flat();
  const keys = found.flatMap((report) =>
    (report.result ?? []).flatMap((result) => {
      const id = idOf('Observation', result);
      return id === undefined ? [] : [{ type: 'Observation', id }];
    }),
  );
  const observations = keys.length === 0 ? [] : [...(await transaction.readMany(keys)).values()];
  return [
    ...found,
    ...observations.map((each) => JSON.parse(each.content) as Observation & { id: string }),
  ].map((resource): Change => ({ op: 'update', resource: { ...resource, status: 'entered-in-error' } }));
}

async function reports(reader: Reader, system: string, value: string): Promise<readonly Report[]> {
  const page = await reader.search(
    parseSearch('DiagnosticReport', [['identifier', `${system}|${value.replace(/[\\,|$]/g, '\\$&')}`]]),
  );
  return page.matches.map((match) => JSON.parse(match.content) as Report);
}
