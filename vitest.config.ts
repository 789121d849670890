import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    setupFiles: ['test/property-seed.ts'],
    testTimeout: 30_000,
    // Stories mostly sleep, so many can be told at once.
    maxConcurrency: 20,
    maxWorkers: 4,
  },
});
