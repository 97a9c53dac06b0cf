/** Numbers in ascending order; NaN is not allowed. Insertion and rank by binary search. */
export class SortedScores {
  private readonly values: number[] = [];

  get count(): number {
    return this.values.length;
  }

  insert(value: number): void {
    this.values.splice(this.countBelow(value), 0, value);
  }

  /** How many are less than `value`. */
  countBelow(value: number): number {
    let [low, high] = [0, this.values.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.values[middle]! < value) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** The number with `index` others before it. Throws `RangeError` where there is none. */
  at(index: number): number {
    const value = this.values[index];
    if (value === undefined) throw new RangeError(`index ${index} of ${this.values.length} scores`);
    return value;
  }

  /** The middle one, or the mean of the two in the middle. Throws `RangeError` when there is none. */
  median(): number {
    const { length } = this.values;
    return (this.at((length - 1) >> 1) + this.at(length >> 1)) / 2;
  }
}
