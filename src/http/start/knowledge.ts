import { join } from 'node:path';
import type { SearchParameter } from '@medplum/fhirtypes';
import type { FastifyBaseLogger } from 'fastify';
import type { DefinitionSource } from '../../fhir/definitions.ts';
import { loadPackages } from '../../fhir/packages/load-packages.ts';
import { createValidator, type Validator } from '../../fhir/validation/validate.ts';
import { packageRoot } from './install.ts';

/** What the server knows of FHIR beyond R4: our own package, and those of OVERGANG_PACKAGES. */
export interface Knowledge {
  readonly definitions: DefinitionSource;
  readonly validate: Validator;
  readonly searchParameters: readonly SearchParameter[];
}

/** Loads the packages; what is missing or damaged is told in the log, and the rest serves. */
export async function loadKnowledge(folder: string | undefined, log: FastifyBaseLogger): Promise<Knowledge> {
  const own = join(packageRoot(), 'profiles');
  const loaded = await loadPackages(own, ...(folder === undefined ? [] : [folder]));
  for (const { name, version } of loaded.packages)
    log.info({ package: `${name}#${version}` }, 'package loaded');
  for (const missing of loaded.missing) log.warn(`FHIR package not found: ${missing}`);
  for (const fault of loaded.faults) log.warn(`FHIR package damaged: ${fault}`);
  return {
    definitions: loaded.definitions,
    validate: createValidator(loaded.definitions),
    searchParameters: loaded.searchParameters,
  };
}
