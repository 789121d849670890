import fc from 'fast-check';

// The same values in every run, so that a red run can be told again; `FC_SEED=7 npm test` has others.
fc.configureGlobal({ seed: Number(process.env['FC_SEED'] ?? 2026) });
