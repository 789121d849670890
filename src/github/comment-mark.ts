/** How the first line of every comment of the action starts, in every version. */
export const MARK_START = '<!-- opencx-crawl-gate:';
