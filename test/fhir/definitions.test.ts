import { expect, it } from '@jest/globals';
import { shapeOf } from '../../src/fhir/definitions/shape.ts';
import {
  codeSystem,
  conceptMap,
  searchParameters,
  structureDefinition,
  valueSet,
} from '../../src/fhir/definitions.ts';
import { isSupportedType, SUPPORTED_TYPES } from '../../src/fhir/types.ts';

it('a type is found by name, by URL and by URL with version', () => {
  const task = structureDefinition('Task');
  expect(task?.url).toBe('http://hl7.org/fhir/StructureDefinition/Task');
  expect(structureDefinition('http://hl7.org/fhir/StructureDefinition/Task')).toBe(task);
  expect(structureDefinition('http://hl7.org/fhir/StructureDefinition/Task|4.0.1')).toBe(task);
});

it('data types, extensions and core profiles are found, foreign URLs are not', () => {
  expect(structureDefinition('HumanName')?.kind).toBe('complex-type');
  expect(structureDefinition('dateTime')?.kind).toBe('primitive-type');
  expect(structureDefinition('http://hl7.org/fhir/StructureDefinition/workflow-episodeOfCare')?.type).toBe(
    'Extension',
  );
  expect(structureDefinition('http://hl7.org/fhir/StructureDefinition/vitalsigns')?.type).toBe('Observation');
  expect(structureDefinition('http://example.org/fhir/StructureDefinition/Task')).toBeUndefined();
  expect(structureDefinition('constructor')).toBeUndefined();
});

it('terminology is found by canonical URL, also where the URL does not end with the id', () => {
  expect(valueSet('http://hl7.org/fhir/ValueSet/task-status|4.0.1')?.name).toBe('TaskStatus');
  expect(codeSystem('http://terminology.hl7.org/CodeSystem/v3-ActCode')?.concept?.length).toBeGreaterThan(10);
  expect(codeSystem('http://snomed.info/sct')?.content).toBe('not-present');
  expect(codeSystem('http://terminology.hl7.org/CodeSystem/v2-0203')?.id).toBe('v2-0203');
  expect(conceptMap('http://hl7.org/fhir/ConceptMap/cm-contact-point-use-v3')?.id).toBe(
    'cm-contact-point-use-v3',
  );
  expect(valueSet('http://example.org/ValueSet/task-status')).toBeUndefined();
});

it('all search parameters of R4 are there', () => {
  const parameters = searchParameters();
  expect(parameters).toHaveLength(1378);
  expect(
    parameters.every(({ resourceType, code }) => resourceType === 'SearchParameter' && code !== undefined),
  ).toBe(true);
});

it('every supported type is a type of R4, named once', () => {
  expect(new Set(SUPPORTED_TYPES).size).toBe(SUPPORTED_TYPES.length);
  expect(SUPPORTED_TYPES.filter((type) => structureDefinition(type)?.kind !== 'resource')).toEqual([]);
  expect(isSupportedType('EpisodeOfCare')).toBe(true);
  expect(isSupportedType('patient')).toBe(false);
  expect(isSupportedType('toString')).toBe(false);
});

it('a shape spells out choices and follows content references', () => {
  const observation = shapeOf('Observation');
  expect(observation?.properties.get('valueQuantity')?.kind).toBe('complex');
  expect(observation?.properties.get('valueInteger')?.json).toBe('number');
  expect(observation?.properties.has('value[x]')).toBe(false);
  const range = observation?.properties.get('component')?.shape().properties.get('referenceRange')?.shape();
  expect(range?.properties.get('low')?.kind).toBe('complex');
});
