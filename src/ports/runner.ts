/** A line that GitHub shows on the run's page. */
export interface Annotation {
  level: 'error' | 'warning';
  title: string;
  message: string;
}

/** Colors of the log; each says the same thing everywhere. */
export type Color = 'dim' | 'red' | 'green' | 'yellow' | 'cyan';

/** Gives a text its color, or leaves it as it is where none is shown. */
export type Paint = (color: Color, text: string) => string;

/** What the gate needs of the workflow runner. */
export interface Runner {
  /** An input as it was written; empty when it was not. */
  input(name: string): string;
  /** Registers a secret, so that the runner hides it in every log. */
  mask(secret: string): void;
  info(line: string): void;
  /** Colors for the log, where the runner shows them. */
  paint: Paint;
  annotate(annotation: Annotation): void;
  /**
   * Writes all outputs at once.
   *
   * @throws Error when they could not be written; then none of them is left
   */
  writeOutputs(outputs: Readonly<Record<string, string>>): void;
  writeSummary(markdown: string): Promise<void>;
  /** The page of the action's repository; `undefined` when the runner does not say. */
  repositoryUrl: string | undefined;
}
