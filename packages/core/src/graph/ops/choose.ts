/** One of several ways to compute the same thing. */
export interface Implementation<A, Build> {
  /** Whether it can compute this case, and is the best way known when none before it can. */
  fits(attributes: A): boolean;
  build: Build;
}

/** The first implementation that fits: the seam where better kernels are put in front. */
export function choose<A, Build>(implementations: readonly Implementation<A, Build>[], attributes: A): Build {
  const chosen = implementations.find(({ fits }) => fits(attributes));
  if (chosen === undefined) throw new Error('no implementation fits; the last one must always fit');
  return chosen.build;
}
