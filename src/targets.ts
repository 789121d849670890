import { isUuid, sameId } from './crawl.ts';

/** A crawl to wait for. */
export interface Target {
  datasourceId: string;
  /** `active`: the datasource's active crawl is to be found. */
  jobId: string;
}

/** The word that stands for "the crawl that the datasource runs now". */
export const ACTIVE = 'active';

const MAX_TARGETS = 100;
const EXAMPLE_ID = '3c90c3cc-0d44-4b50-8888-8dd25736052a';

/** Something wrong with one input, such as `line 2, is empty: …`. */
export interface TargetProblem {
  input: 'datasource-id' | 'job-id';
  /** What follows the name of the input. */
  problem: string;
}

/**
 * Pairs the lines of `datasource-id` and `job-id` (contract, section Inputs).
 *
 * @param datasourceIds and jobIds: the lines, without what surrounds them
 * @param quote makes a value safe to show
 */
export function pairTargets(
  datasourceIds: readonly string[],
  jobIds: readonly string[],
  quote: (text: string) => string,
): { targets: Target[]; problems: TargetProblem[] } {
  const problems: TargetProblem[] = [
    ...idProblems('datasource-id', datasourceIds, quote),
    ...idProblems('job-id', jobIds, quote),
    ...countProblems(datasourceIds.length, jobIds),
  ];
  if (problems.length > 0) return { targets: [], problems };
  const targets = datasourceIds.map((datasourceId, index) => ({
    datasourceId,
    jobId: (jobIds.length === 1 ? jobIds[0] : jobIds[index]) ?? ACTIVE,
  }));
  return { targets, problems: repetitions(targets) };
}

function idProblems(
  input: TargetProblem['input'],
  lines: readonly string[],
  quote: (text: string) => string,
): TargetProblem[] {
  const { isValid, wanted, ifEmpty } = IDS[input];
  return lines.flatMap((line, index) => {
    if (isValid(line)) return [];
    const where = lines.length > 1 ? `, line ${index + 1},` : '';
    if (line === '') return [{ input, problem: `${where} is empty: ${ifEmpty}` }];
    const hasMore = (ID.test(line) && line.length > EXAMPLE_ID.length) || /[,;[\]]/.test(line);
    const fix = hasMore ? ': list one ID per line, and nothing else on it' : wanted;
    const problem = `${where} is ${quote(line)}${fix}`;
    return [{ input, problem }];
  });
}

/** An ID, also in quotes, in JSON, beside another one, or in a URL. */
const ID = /[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}/i;

const IDS = {
  'datasource-id': {
    isValid: isUuid,
    wanted: `, which is not a UUID: pass the UUID of a website datasource, for example "${EXAMPLE_ID}"`,
    ifEmpty: 'pass the UUID of the website datasource',
  },
  'job-id': {
    isValid: (line: string) => line === ACTIVE || isUuid(line),
    wanted: `: pass the UUID of the crawl job or "${ACTIVE}"`,
    ifEmpty: `pass the UUID of the crawl job or "${ACTIVE}" (if you use an expression, check that it has a value)`,
  },
};

function countProblems(datasources: number, jobIds: readonly string[]): TargetProblem[] {
  const problems: TargetProblem[] = [];
  if (datasources > MAX_TARGETS) {
    problems.push({
      input: 'datasource-id',
      problem: ` has ${datasources} lines, but one step can wait for up to ${MAX_TARGETS} crawls: use the reusable workflow gate-many.yml, or a matrix`,
    });
  }
  const allActive = jobIds.length === 1 && jobIds[0] === ACTIVE;
  if (!allActive && jobIds.length !== datasources) {
    problems.push({
      input: 'job-id',
      problem: ` has ${lines(jobIds.length)} but datasource-id has ${datasources}: list one job per datasource in the same order, or set job-id to "${ACTIVE}"`,
    });
  }
  return problems;
}

function repetitions(targets: readonly Target[]): TargetProblem[] {
  return targets.flatMap((target, index) => {
    const earlier = targets.findIndex(
      (other) =>
        sameId(other.datasourceId, target.datasourceId) && sameId(other.jobId, target.jobId),
    );
    if (earlier === index) return [];
    const problem = `, line ${index + 1}, is the same crawl as line ${earlier + 1}: list each crawl only once`;
    return [{ input: 'datasource-id' as const, problem }];
  });
}

function lines(count: number): string {
  return `${count} ${count === 1 ? 'line' : 'lines'}`;
}
