import type { OperationOutcome, OperationOutcomeIssue, Resource } from '@medplum/fhirtypes';
import { parseJsonText } from '../fhir/json.ts';
import { badRequest, errorIssue, gone, notFound } from '../fhir/outcome.ts';
import type { Operation, OperationCall } from './operation.ts';

const MODES = ['create', 'update', 'delete', 'profile'];

/**
 * `$validate` (R4 resource-operation-validate.html): what a write would be told, without writing. Always 200: the
 * outcome is the answer.
 */
export const validateOperation: Operation = {
  name: 'validate',
  definition: 'http://hl7.org/fhir/OperationDefinition/Resource-validate',
  title: 'Validate a resource',
  documentation:
    'Checks a resource, or the stored one, as a write would, and against a profile; stores nothing.',
  levels: ['type', 'instance'],
  affectsState: false,
  parameters: [
    { name: 'resource', min: 0, max: '1', type: 'Resource', documentation: 'The resource to check.' },
    { name: 'mode', min: 0, max: '1', type: 'code', documentation: `One of ${MODES.join(', ')}.` },
    {
      name: 'profile',
      min: 0,
      max: '*',
      type: 'uri',
      documentation: 'Canonical URL of a profile to hold it to.',
    },
  ],
  bareBody: 'resource',
  run: async (call) => {
    const mode = call.input.text('mode');
    if (mode !== undefined && !MODES.includes(mode)) {
      throw badRequest(`mode is one of ${MODES.join(', ')}.`, 'Parameters.mode');
    }
    const stored = call.id === undefined ? undefined : await storedResource(call);
    if (mode === 'delete') return { resource: outcomeOf([]) };
    const resource = call.input.resource('resource') ?? stored;
    if (resource === undefined) {
      throw badRequest(
        'Send the resource as the body, or as the parameter resource.',
        'Parameters.resource',
        'required',
      );
    }
    const profiles = call.input.all('profile').filter((url): url is string => typeof url === 'string');
    return {
      resource: outcomeOf([
        ...identityIssues(call, mode, resource),
        ...call.validate(resource, { profiles, advice: true }),
      ]),
    };
  },
};

/** The rules of the interaction itself, which the definitions do not have. */
function identityIssues(
  call: OperationCall,
  mode: string | undefined,
  resource: Resource,
): OperationOutcomeIssue[] {
  const issues: OperationOutcomeIssue[] = [];
  const { resourceType, id } = resource;
  if (resourceType !== call.type) {
    issues.push(
      errorIssue(
        'invalid',
        `The URL names ${call.type}, but the resource is of another type.`,
        'resourceType',
      ),
    );
  }
  if (mode === 'update' && id === undefined) {
    issues.push(errorIssue('required', 'An update needs the id.', `${call.type}.id`));
  }
  if (call.id !== undefined && id !== undefined && id !== call.id) {
    issues.push(errorIssue('invalid', "The resource's id is not the id of the URL.", `${call.type}.id`));
  }
  return issues;
}

async function storedResource({ reader, type, id }: OperationCall): Promise<Resource> {
  const version = await reader.read(type as string, id as string);
  if (version === undefined) throw notFound(`There is no ${type} with this id.`);
  if (version.deleted) throw gone(`This ${type} was deleted.`);
  return parseJsonText(version.content) as Resource;
}

function outcomeOf(issues: readonly OperationOutcomeIssue[]): OperationOutcome {
  const fine: OperationOutcomeIssue = {
    severity: 'information',
    code: 'informational',
    diagnostics: 'Nothing is wrong with it.',
  };
  return { resourceType: 'OperationOutcome', issue: issues.length === 0 ? [fine] : [...issues] };
}
