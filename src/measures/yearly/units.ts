import { MUNICIPALITIES } from '../../coordination/municipalities.ts';
import { regionOfMunicipality } from '../../coordination/regions.ts';
import { CODE_SYSTEM, OVERGANG } from '../../fhir/canonical.ts';
import type { ReportUnit } from './model.ts';

const NATION_UNIT = 'DK';
/** Those whose municipality is not known, or belongs to no region (Christiansø, Greenland). */
export const UNKNOWN_UNIT = 'unknown';

/** Nation, the regions of a day, their municipalities, and the unit of those with none. */
export function unitsIn(day: string): ReportUnit[] {
  const regions = new Map<string, ReportUnit>();
  const municipalities: ReportUnit[] = [];
  for (const { code, name } of MUNICIPALITIES) {
    const region = regionOfMunicipality(code, day);
    if (region === undefined) continue;
    regions.set(region.code, {
      id: region.code,
      parent: NATION_UNIT,
      level: 'region',
      code: region.code,
      system: region.system,
      name: region.name,
    });
    municipalities.push({
      id: code,
      parent: region.code,
      level: 'municipality',
      code,
      system: CODE_SYSTEM.municipality,
      name,
    });
  }
  const nation: ReportUnit = {
    id: NATION_UNIT,
    level: 'nation',
    code: 'DK',
    system: 'urn:iso:std:iso:3166',
    name: 'Hele landet',
  };
  const unknown: ReportUnit = {
    id: UNKNOWN_UNIT,
    parent: NATION_UNIT,
    level: 'unknown',
    code: 'unknown',
    system: `${OVERGANG}/CodeSystem/report-unit`,
    name: 'Uden kendt kommune',
  };
  const sorted = [...regions.values()].sort((a, b) => a.code.localeCompare(b.code));
  return [nation, ...sorted, ...municipalities, unknown];
}

/** The units in which a municipality code counts; those of no known municipality count in the unknown unit. */
export function ancestorsOf(units: readonly ReportUnit[], municipality: string): readonly string[] {
  const unit = units.find(({ id, level }) => id === municipality && level === 'municipality');
  return unit?.parent === undefined ? [UNKNOWN_UNIT, NATION_UNIT] : [unit.id, unit.parent, NATION_UNIT];
}
