import type { IConfiguration, IForbiddenRuleType } from 'dependency-cruiser';

/**
 * The direction of imports, checked by `npm run check`: a file imports only from its own layer and
 * from those below it, and no two folders import each other. Types count too.
 */

/** From the bottom to the top: each file of `src` is in exactly one layer. */
export const LAYERS = [
  {
    name: 'leaves',
    path: '^src/(crawl|duration|escapes|instant|outcomes|page-count|untrusted-text|wording)\\.ts$',
    about: 'crawl, duration, escapes, instant, outcomes,<br>page-count, untrusted-text, wording',
  },
  {
    name: 'ports',
    path: '^src/ports/(?!observer)',
    about: 'interfaces to the outside world',
  },
  {
    name: 'api',
    path: '^src/api/',
    about: 'one GET, validated and classified',
  },
  {
    name: 'rules',
    path: '^src/rules/',
    about: 'metrics, parser, evaluation',
  },
  {
    name: 'inputs',
    path: '^src/(api-url|inputs|targets)\\.ts$',
    about: 'every input, checked once<br>(inputs, targets, api-url)',
  },
  {
    name: 'result',
    path: '^src/result\\.ts$',
    about: 'what every report reads',
  },
  {
    name: 'observer',
    path: '^src/ports/observer\\.ts$',
    about: 'interface to who follows a wait',
  },
  {
    name: 'wait',
    path: '^src/wait/',
    about: 'one crawl, from first check to outcome',
  },
  {
    name: 'report',
    path: '^src/report/',
    about: 'outputs, log, annotations, summary',
  },
  {
    name: 'github',
    path: '^src/github/',
    about: 'comment and commit status',
  },
  {
    name: 'gate',
    path: '^src/gate\\.ts$',
    about: 'main flow',
  },
  {
    name: 'node',
    path: '^src/node/',
    about: 'clock, network, toolkit, exit',
  },
  {
    name: 'index',
    path: '^src/(index|main)\\.ts$',
    about: 'entry',
  },
];

/** Files and folders above the layer at this index. */
const above = (index: number) => LAYERS.slice(index + 1).map(({ path }) => path);

const RULES: IForbiddenRuleType[] = [
  ...LAYERS.map(({ name, path }, index) => ({
    name: `${name}-imports-only-from-below`,
    from: { path },
    to: { path: above(index) },
  })).slice(0, -1),
  {
    name: 'only-index-imports-node',
    comment: 'The rest of the source gets the clock, the network, and the runner through ports.',
    from: { path: '^src/', pathNot: ['^src/node/', '^src/(index|main)\\.ts$'] },
    to: { path: '^src/node/' },
  },
  {
    name: 'node-only-implements-ports',
    from: { path: '^src/node/' },
    to: { path: '^src/', pathNot: ['^src/(node|ports)/', '^src/[^/]+\\.ts$'] },
  },
  {
    name: 'only-the-edge-imports-the-toolkit',
    comment: 'The core runs without GitHub Actions, so a test can run an hour of it in a moment.',
    from: {
      path: '^src/',
      pathNot: ['^src/node/', '^src/index\\.ts$', '^src/github/(client|event)\\.ts$'],
    },
    to: { path: ['node_modules/@(actions|octokit)/', '^(dns|fs|http|http2|https|net|os|tls)$'] },
  },
  {
    name: 'no-cycles-between-files',
    from: {},
    to: { circular: true },
  },
  {
    name: 'no-cycles-between-folders',
    scope: 'folder',
    from: {},
    to: { circular: true },
  },
  {
    name: 'every-file-has-a-layer',
    comment: 'Add the file to a layer in dependency-cruiser.config.ts.',
    from: { path: '^src/' },
    to: { path: '^src/', pathNot: LAYERS.map(({ path }) => path) },
  },
  {
    name: 'source-imports-only-source',
    from: { path: '^src/' },
    to: { path: '^(bench|emulator|scripts|test)/' },
  },
  {
    name: 'no-import-that-resolves-to-nothing',
    from: {},
    to: { couldNotResolve: true },
  },
  {
    name: 'no-package-of-development',
    comment: 'What the source imports is bundled, and package.json lists it under "dependencies".',
    from: { path: '^src/' },
    to: { dependencyTypes: ['npm-dev', 'npm-no-pkg'] },
  },
  {
    name: 'no-file-without-an-importer',
    from: { orphan: true, pathNot: '^src/index\\.ts$' },
    to: {},
  },
];

const config: IConfiguration = {
  forbidden: RULES.map((rule): IForbiddenRuleType => ({ ...rule, severity: 'error' })),
  options: {
    // TypeScript 7 has no API for other tools yet. The SWC parser sees type imports as well.
    parser: 'swc',
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default'],
    },
  },
};

export default config;
