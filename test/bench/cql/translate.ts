import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { systemModelInfo } from './system-types.ts';

const require = createRequire(import.meta.url);
// The translator is built for bundlers and looks for CommonJS's require on the global object.
(globalThis as { require?: unknown }).require ??= require;

/**
 * Translates CQL text to ELM, without annotations: they double the time that the engine takes.
 * @throws Error with the translator's own messages and positions
 */
export async function translate(cql: string): Promise<object> {
  const {
    CqlTranslator,
    CqlCompilerOptions,
    LibraryManager,
    ModelManager,
    createModelInfoProvider,
    createUcumService,
    stringAsSource,
  } = await import('@cqframework/cql/cql-to-elm');
  const { UcumLhcUtils } = require('@lhncbc/ucum-lhc');
  const fhir = readFileSync(require.resolve('cql-exec-fhir/lib/modelInfos/fhir-modelinfo-4.0.1.xml'), 'utf8');
  const models = new ModelManager();
  models.modelInfoLoader.registerModelInfoProvider(
    createModelInfoProvider((name: string) =>
      stringAsSource(name === 'System' ? systemModelInfo() : name === 'FHIR' ? fhir : ''),
    ),
  );
  const ucum = UcumLhcUtils.getInstance();
  const refuse = (): never => {
    throw new Error('The six parameters convert no units');
  };
  const validate = (unit: string): string | null =>
    ucum.validateUnitString(unit).status === 'valid' ? null : `${unit} is no UCUM unit`;
  const service = createUcumService(refuse, validate, refuse, refuse);
  const libraries = new LibraryManager(models, new CqlCompilerOptions(), undefined, service);
  const translator = CqlTranslator.fromText(cql, libraries);
  const { library } = JSON.parse(translator.toJson());
  const errors = (library.annotation as readonly Note[]).filter(
    ({ errorSeverity }) => errorSeverity === 'error',
  );
  if (errors.length > 0) {
    throw new Error(errors.map((one) => `${one.startLine}:${one.startChar} ${one.message}`).join('\n'));
  }
  return library;
}

interface Note {
  readonly errorSeverity?: string;
  readonly startLine?: number;
  readonly startChar?: number;
  readonly message?: string;
}
