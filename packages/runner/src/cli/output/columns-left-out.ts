/** A line below a table that has no room for all of its columns; empty where it has. */
export const columnsLeftOut = (count: number, how: string): string =>
  count === 0 ? '' : `\n… ${count} more column${count === 1 ? '' : 's'}: ${how}`;
