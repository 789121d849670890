/** Colours of the log; each says the same thing everywhere. */
export type Colour = 'dim' | 'red' | 'green' | 'yellow' | 'cyan';

/** Gives a text its colour, or leaves it as it is where none is shown. */
export type Paint = (colour: Colour, text: string) => string;

/** Green, tolerated or underway, red: the colour of a status or an outcome by its name. */
export function colourOf(name: string): Colour {
  if (name === 'completed' || name === 'succeeded') return 'green';
  if (name === 'scraping') return 'cyan';
  if (name === 'pending') return 'dim';
  return name === 'failed' || name === 'rejected' || name === 'empty' ? 'red' : 'yellow';
}
