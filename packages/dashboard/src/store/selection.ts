/** Which trials the user looks at. All panels share one; emits `change` when `trials` or `hovered` does. */
export class Selection extends EventTarget {
  private selected: readonly string[] = [];
  private pointed: readonly string[] = [];

  /** Trial ids, in the order in which they were chosen. */
  get trials(): readonly string[] {
    return this.selected;
  }

  /** Trials under the pointer or the keyboard cursor. */
  get hovered(): readonly string[] {
    return this.pointed;
  }

  has(trial: string): boolean {
    return this.selected.includes(trial);
  }

  /** Replaces the selection. */
  select(trials: readonly string[]): void {
    if (same(trials, this.selected)) return;
    this.selected = [...trials];
    this.announce();
  }

  /** Adds the trials, or takes them away when all are in already. */
  toggle(trials: readonly string[]): void {
    const all = trials.every((trial) => this.selected.includes(trial));
    const rest = this.selected.filter((trial) => !trials.includes(trial));
    this.select(all ? rest : [...rest, ...trials]);
  }

  /** Selects exactly these, or nothing when they are the selection already. */
  choose(trials: readonly string[], add: boolean): void {
    if (add) this.toggle(trials);
    else this.select(same(trials, this.selected) ? [] : trials);
  }

  hover(trials: readonly string[]): void {
    if (same(trials, this.pointed)) return;
    this.pointed = [...trials];
    this.announce();
  }

  private announce(): void {
    this.dispatchEvent(new Event('change'));
  }
}

const same = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((item, i) => item === b[i]);
