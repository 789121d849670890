import { defineConfig } from 'vitest/config';

/** The tests that Stryker runs for the mutants of one source file (`scripts/mutation.ts`). */
export default defineConfig({
  test: {
    include: process.env['MUTATION_TESTS']?.split(' ') ?? [],
    setupFiles: ['test/support/mutation-setup.ts'],
    testTimeout: 30_000,
  },
});
