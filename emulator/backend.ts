import type { CrawlState } from './crawl-plan.ts';
import { findScenario, type Scenario } from './scenarios.ts';

/** A datasource of the emulator with its one crawl job. */
export interface Site {
  scenario: Scenario;
  datasourceId: string;
  jobId: string;
  /** Milliseconds since 1970 of the first request; `undefined` before it. */
  begunAt: number | undefined;
}

/** The time of a response. */
interface Moment {
  /** Milliseconds since 1970. */
  now: number;
  /** Seconds of a crawl for each second of the clock. */
  speed: number;
}

/** Responds to requests, without a network. */
export interface Backend {
  sites: readonly Readonly<Site>[];
  /** The response of the real API, without faults. */
  respond(method: string, path: string, authorization: string | undefined): BackendResponse;
}

/** A status and a JSON body. */
export interface BackendResponse {
  status: number;
  body: string;
}

const UUID =
  /^([0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}|0{8}-(0{4}-){3}0{12}|f{8}-(f{4}-){3}f{12})$/i;

/**
 * The two documented requests on one datasource with one crawl per scenario. A crawl starts with the
 * first request for its datasource or job.
 *
 * @throws Error if a scenario does not exist
 */
export function createBackend({
  scenarios,
  speed,
  token,
  now,
}: {
  scenarios: readonly string[];
  speed: number;
  token: string | undefined;
  now: () => number;
}): Backend {
  const sites = scenarios.map((name, index) => createSite(findScenario(name), index));

  return {
    sites,
    respond(method, path, authorization) {
      const parts = path.split('/').slice(1);
      const [root, datasourceId = '', crawls, jobId] = parts;
      const isJob = parts.length === 4 && crawls === 'crawls';
      if (root !== 'crawl' || !(isJob || parts.length === 2)) return error(404, 'Not Found');
      if (method !== 'GET') return error(405, 'Method Not Allowed');
      const key = /^Bearer (\S+)$/.exec(authorization ?? '')?.[1];
      if (key === undefined || (token !== undefined && key !== token)) {
        return error(401, 'Unauthorized');
      }
      if (!UUID.test(datasourceId) || (jobId !== undefined && !UUID.test(jobId))) {
        return error(400, 'Bad Request', 'Validation failed (uuid is expected)');
      }
      const site = sites.find((one) => one.datasourceId === datasourceId.toLowerCase());
      const moment = { now: now(), speed };
      const found =
        site === undefined || (isJob && site.jobId !== jobId?.toLowerCase())
          ? undefined
          : (isJob ? jobResponse : datasourceResponse)(site, moment);
      return found === undefined
        ? error(404, 'Not Found')
        : { status: 200, body: withKey(JSON.stringify(found), key) };
    },
  };
}

/** Some scenarios repeat the key of the request. */
function withKey(body: string, key: string): string {
  return body
    .replaceAll('{token}', key)
    .replaceAll('{base64}', Buffer.from(key).toString('base64'))
    .replaceAll('{encoded}', encodeURIComponent(key));
}

function error(status: number, name: string, message = name): BackendResponse {
  return { status, body: JSON.stringify({ statusCode: status, message, error: name }) };
}

/** The nth site. IDs are the same in every run. */
function createSite(scenario: Scenario, index: number): Site {
  const number = index.toString(16).padStart(4, '0');
  return {
    scenario,
    datasourceId: `3c90c3cc-0d44-4b50-8888-8dd25736${number}`,
    jobId: `7f1d2a60-5b0e-4c7a-9d3f-2b6e8c41${number}`,
    begunAt: undefined,
  };
}

/** The response about the site's job, or `undefined` for 404 (API reference, one crawl job). */
function jobResponse(site: Site, moment: Moment): Record<string, unknown> | undefined {
  const { scenario } = site;
  const state = scenario.job(secondOf(site, moment));
  if (state === undefined) return undefined;
  const date = dates(site, moment);
  return {
    id: site.jobId,
    datasource_id: site.datasourceId,
    status: state.status,
    started_at: date(state.startedAt),
    completed_at: date(state.completedAt),
    ...counters(state),
    error_message: state.error,
    created_at: date(0),
    updated_at: date(state.updatedAt),
    ...scenario.jobFields,
  };
}

/** The response about the site itself, or `undefined` for 404 (API reference, one website datasource). */
function datasourceResponse(site: Site, moment: Moment): Record<string, unknown> | undefined {
  const { scenario } = site;
  if (!scenario.known) return undefined;
  const second = secondOf(site, moment);
  const state = scenario.job(second);
  const date = dates(site, moment);
  const ended = state !== undefined && state.completedAt !== null;
  const active = state !== undefined && !ended && second >= scenario.activeFrom;
  const { synced, pending, error, excluded } = scenario.pageStats;
  return {
    id: site.datasourceId,
    url: 'https://help.example.com',
    display_name: scenario.displayName,
    status: active ? 'crawling' : 'active',
    page_limit: 5_000,
    exclude_paths: ['/drafts'],
    include_paths: [],
    crawl_interval_hours: 168,
    ...lastCrawl(site, state, date),
    created_at: '2026-01-12T08:30:00.000Z',
    updated_at: date(state?.updatedAt ?? 0),
    page_stats: { total: synced + pending + error + excluded, synced, pending, error, excluded },
    active_crawl_job: active
      ? {
          id: site.jobId,
          status: state.status,
          ...counters(state),
          started_at: date(state.startedAt),
        }
      : null,
  };
}

type Dates = (second: number | null) => string | null;

function lastCrawl(site: Site, state: CrawlState | undefined, date: Dates) {
  if (state !== undefined && state.completedAt !== null) {
    return {
      last_crawl_started_at: date(state.startedAt),
      last_crawl_completed_at: date(state.completedAt),
      error_message: state.error,
    };
  }
  const last = site.scenario.lastCrawl;
  const ago = (seconds: number | null | undefined) =>
    seconds === null || seconds === undefined
      ? null
      : new Date((site.begunAt ?? 0) - seconds * 1_000).toISOString();
  return {
    last_crawl_started_at: ago(last?.startedAgo),
    last_crawl_completed_at: ago(last?.completedAgo),
    error_message: last?.error ?? null,
  };
}

function counters(state: CrawlState) {
  return {
    total_pages: state.total,
    completed_pages: state.completed,
    new_pages: state.added,
    updated_pages: state.updated,
    removed_pages: state.removed,
    unchanged_pages: state.unchanged,
  };
}

function secondOf(site: Site, { now, speed }: Moment): number {
  site.begunAt ??= now;
  return ((now - site.begunAt) / 1_000) * speed;
}

/** Seconds of a crawl as dates of the real clock, so that ages and durations are right at any speed. */
function dates(site: Site, { speed }: Moment): Dates {
  const zero = (site.begunAt ?? 0) - site.scenario.startedAgo * 1_000;
  return (second) =>
    second === null ? null : new Date(zero + (second / speed) * 1_000).toISOString();
}
