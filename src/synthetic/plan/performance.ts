import type { ExchangeCode } from '../../fhir/canonical.ts';
import type { Region } from '../agreement-facts.ts';

/** Share of obligations that are met, nationally. Invented, of the order that audits of the time report. */
const NATIONAL: Readonly<Record<ExchangeCode, number>> = {
  'admission-report': 0.84,
  'discharge-plan': 0.64,
  'care-pathway-plan': 0.76,
  'ready-for-discharge': 0.8,
  'discharge-report': 0.79,
  'discharge-letter': 0.87,
};

/** How a region does against the country: differences that a report by region ought to show. */
const REGIONAL: Readonly<Record<Region, Partial<Record<ExchangeCode, number>>>> = {
  'DK-81': { 'ready-for-discharge': 0.08, 'discharge-plan': -0.06 },
  'DK-82': { 'admission-report': 0.06, 'care-pathway-plan': 0.07 },
  'DK-83': { 'discharge-plan': 0.1, 'discharge-letter': -0.05 },
  'DK-84': { 'care-pathway-plan': -0.14, 'discharge-report': 0.05 },
  'DK-85': { 'admission-report': -0.07, 'discharge-letter': 0.04 },
};

export function shareMet(measure: ExchangeCode, region: Region): number {
  return NATIONAL[measure] + (REGIONAL[region][measure] ?? 0);
}
