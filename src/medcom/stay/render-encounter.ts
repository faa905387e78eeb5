import type { CodeableConcept, Encounter, Extension, Identifier } from '@medplum/fhirtypes';
import { CODE_SYSTEM, EXTENSION, IDENTIFIER_SYSTEM } from '../../fhir/canonical.ts';
import { MEDCOM_EXTENSION } from '../vocabulary.ts';
import { normaliseEpisode } from './episode-key.ts';
import type { StayState } from './fold.ts';
import { type EpisodeKey, identifierOf, type StayClass } from './stay-event.ts';

const CLASS_DISPLAY: Readonly<Record<StayClass, string>> = { EMER: 'Akut ambulant', IMP: 'Indlagt' };

const EXPIRED: CodeableConcept = {
  coding: [{ system: CODE_SYSTEM.dischargeDisposition, code: 'exp', display: 'Expired' }],
};

/**
 * The stay as docs/model.md describes it. What notifications do not tell (course, anchors that letters carry,
 * anything put there by hand) stays as it is in `existing`.
 * `knownKeys` are all episode keys of the citizen: an identifier among them that the state lacks is another stay's.
 */
export function renderEncounter(
  existing: Encounter | undefined,
  id: string,
  citizen: string,
  state: StayState,
  knownKeys: ReadonlySet<string>,
): Encounter & { id: string } {
  const { classHistory: _history, hospitalization, ...kept } = existing ?? ({} as Partial<Encounter>);
  const admitted = withDisposition(hospitalization, state.died);
  const extension = extensionsOf(existing?.extension ?? [], state);
  return {
    ...kept,
    resourceType: 'Encounter',
    id,
    ...(extension.length === 0 ? {} : { extension }),
    identifier: identifiersOf(existing?.identifier ?? [], state.episodes, knownKeys),
    status: state.status,
    class: classCoding(state.class),
    ...(state.emergency === undefined
      ? {}
      : { classHistory: [{ class: classCoding('EMER'), period: { ...state.emergency } }] }),
    subject: { reference: citizen },
    period: {
      ...(state.startUnknown === true ? {} : { start: state.start }),
      ...(state.end === undefined ? {} : { end: state.end }),
    },
    ...(admitted === undefined ? {} : { hospitalization: admitted }),
    ...(state.provider === undefined ? {} : { serviceProvider: { reference: state.provider } }),
  };
}

function classCoding(code: StayClass) {
  return { system: CODE_SYSTEM.actCode, code, display: CLASS_DISPLAY[code] };
}

function identifiersOf(
  existing: readonly Identifier[],
  episodes: readonly EpisodeKey[],
  knownKeys: ReadonlySet<string>,
): Identifier[] {
  const keys = [...new Set(episodes.map((episode) => episode.key))];
  const others = existing.filter(
    (identifier) =>
      identifier.system !== IDENTIFIER_SYSTEM.stayEpisode &&
      !knownKeys.has(normaliseEpisode(identifier.value ?? '')),
  );
  return [
    ...others,
    ...episodes.filter((episode) => episode.system !== '').map(identifierOf),
    ...keys
      .filter((key) => !key.includes(' '))
      .map((value) => ({ system: IDENTIFIER_SYSTEM.stayEpisode, value })),
  ];
}

function extensionsOf(existing: readonly Extension[], state: StayState): Extension[] {
  const told: Extension[] = [];
  if (state.leave !== undefined) told.push({ url: EXTENSION.leavePeriod, valuePeriod: { ...state.leave } });
  if (state.reportRequested !== undefined) {
    told.push({ url: EXTENSION.reportRequested, valueBoolean: state.reportRequested });
  }
  if (state.reportRecipient !== undefined) {
    told.push({
      url: MEDCOM_EXTENSION.reportRecipient,
      valueReference: { reference: state.reportRecipient },
    });
  }
  const owned = new Set<string>([EXTENSION.leavePeriod, MEDCOM_EXTENSION.reportRecipient]);
  if (state.reportRequested !== undefined) owned.add(EXTENSION.reportRequested);
  return [...existing.filter((extension) => !owned.has(extension.url)), ...told];
}

function withDisposition(
  existing: Encounter['hospitalization'],
  died: boolean,
): Encounter['hospitalization'] | undefined {
  if (died) return { ...existing, dischargeDisposition: EXPIRED };
  const wasExpired = existing?.dischargeDisposition?.coding?.some((coding) => coding.code === 'exp');
  if (existing === undefined || wasExpired !== true) return existing;
  const { dischargeDisposition: _disposition, ...rest } = existing;
  return Object.keys(rest).length === 0 ? undefined : rest;
}
