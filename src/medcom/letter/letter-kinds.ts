import { EXCHANGE, type ExchangeCode } from '../../fhir/canonical.ts';
import type { LetterType } from './letter-facts.ts';

export interface LetterKind {
  /** Root element of the letter within the Emessage. */
  readonly root: string;
  readonly title: { readonly da: string; readonly en: string };
  /** The exchange it is; absent for correspondence, advis and its answer. */
  readonly exchange?: ExchangeCode;
  /** VersionCodes that Overgang reads. */
  readonly versions: RegExp;
}

/** danish-domain C.1. */
export const LETTER_KINDS: Readonly<Record<LetterType, LetterKind>> = {
  XDIS16: {
    root: 'ReportOfAdmission',
    title: { da: 'Indlæggelsesrapport', en: 'Admission report' },
    exchange: EXCHANGE.admissionReport,
    versions: /^XD163\dC$/,
  },
  XDIS18: {
    root: 'ReportOfDischarge',
    title: { da: 'Udskrivningsrapport', en: 'Discharge report' },
    exchange: EXCHANGE.dischargeReport,
    versions: /^XD183\dC$/,
  },
  XDIS19: {
    root: 'WarningOfDischarge',
    title: { da: 'Melding om færdigbehandling', en: 'Ready-for-discharge notice' },
    exchange: EXCHANGE.readyForDischarge,
    versions: /^XD193\dC$/,
  },
  XDIS21: {
    root: 'ProgressOfCarePlan',
    title: { da: 'Plejeforløbsplan', en: 'Care pathway plan' },
    exchange: EXCHANGE.carePathwayPlan,
    versions: /^XD213\dC$/,
  },
  XDIS01: {
    root: 'DischargeLetter',
    title: { da: 'Udskrivningsepikrise', en: 'Discharge letter' },
    exchange: EXCHANGE.dischargeLetter,
    versions: /^XD013\dL$/,
  },
  XDIS20: {
    root: 'NotificationOfAdmission',
    title: { da: 'Indlæggelsesadvis', en: 'Notification of admission' },
    versions: /^XD203\dC$/,
  },
  XDIS17: {
    root: 'NotificationOfDischarge',
    title: { da: 'Udskrivningsadvis', en: 'Notification of discharge' },
    versions: /^XD173\dC$/,
  },
  XDIS14: {
    root: 'AnswerOfAdmission',
    title: { da: 'Indlæggelsessvar', en: 'Answer to an admission' },
    versions: /^XD143\dC$/,
  },
  XDIS91: {
    root: 'ClinicalEmail',
    title: { da: 'Korrespondancemeddelelse', en: 'Correspondence' },
    versions: /^XD913\dL$/,
  },
};

const BY_ROOT: ReadonlyMap<string, LetterType> = new Map(
  Object.entries(LETTER_KINDS).map(([type, kind]) => [kind.root, type as LetterType]),
);

export function typeOfRoot(root: string): LetterType | undefined {
  return BY_ROOT.get(root);
}
