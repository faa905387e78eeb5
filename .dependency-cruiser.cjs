// Who may import whom (blueprint §6): each room imports only rooms further down.
const rooms = ['http', 'operations', 'medcom', 'measures', 'coordination', 'store', 'fhir'];
const forbid = (name, from, to, comment) => ({
  name,
  comment,
  severity: 'error',
  from: { path: `^src/(${from})/` },
  to: { path: `^src/(${to})/` },
});

module.exports = {
  forbidden: [
    forbid(
      'fhir-is-the-floor',
      'fhir',
      rooms.filter((r) => r !== 'fhir').join('|'),
      'fhir knows no other room',
    ),
    forbid(
      'store-knows-no-domain',
      'store',
      'http|operations|medcom|measures|coordination',
      'the store knows only fhir',
    ),
    forbid(
      'coordination-below-dialects',
      'coordination',
      'http|operations|medcom|measures',
      'the domain knows neither dialects nor measures',
    ),
    forbid('medcom-and-measures-apart', 'medcom', 'http|operations|measures', 'dialects know no measures'),
    forbid('measures-and-medcom-apart', 'measures', 'http|operations|medcom', 'measures know no dialects'),
    forbid('operations-below-http', 'operations', 'http', 'operations know no HTTP'),
    {
      name: 'nothing-imports-http',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(http/|main\\.ts|cli)' },
      to: { path: '^src/http/' },
    },
    {
      name: 'synthetic-is-a-tool',
      comment: 'the server never depends on the generator of synthetic courses',
      severity: 'error',
      from: { path: '^src/(http|operations|medcom|measures|coordination|store|fhir)/' },
      to: { path: '^src/(synthetic|cli)' },
    },
    {
      name: 'no-circular',
      comment:
        'the validator is a recursive descent over the element tree: its checks call each other by nature',
      severity: 'error',
      from: { pathNot: '^src/fhir/validation/' },
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'no-orphans-from-dev',
      severity: 'error',
      from: { path: '^src/' },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'sql-only-in-store',
      comment: 'the store is the only room that talks to a database',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/store/' },
      to: {
        path: '^(node_modules/)?(pg|kysely|@electric-sql/pglite)(/|$)',
        dependencyTypesNot: ['type-only'],
      },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default'] },
  },
};
