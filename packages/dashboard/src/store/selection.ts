/** Which trials the user looks at. All panels share one; emits `change` with `trials` and `hover` with `hovered`. */
export class Selection extends EventTarget {
  private selected: readonly string[] = [];
  private selectedSet: ReadonlySet<string> = new Set();
  private pointed: readonly string[] = [];
  private pointedSet: ReadonlySet<string> = new Set();

  /** Trial ids, in the order in which they were chosen. */
  get trials(): readonly string[] {
    return this.selected;
  }

  /** Trials under the pointer or the keyboard cursor. */
  get hovered(): readonly string[] {
    return this.pointed;
  }

  has(trial: string): boolean {
    return this.selectedSet.has(trial);
  }

  isHovered(trial: string): boolean {
    return this.pointedSet.has(trial);
  }

  /** Replaces the selection. */
  select(trials: readonly string[]): void {
    if (same(trials, this.selected)) return;
    this.selected = [...trials];
    this.selectedSet = new Set(trials);
    this.dispatchEvent(new Event('change'));
  }

  /** Adds the trials, or takes them away when all are in already. */
  toggle(trials: readonly string[]): void {
    const all = trials.every((trial) => this.has(trial));
    const given = new Set(trials);
    const rest = this.selected.filter((trial) => !given.has(trial));
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
    this.pointedSet = new Set(trials);
    this.dispatchEvent(new Event('hover'));
  }
}

const same = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((item, i) => item === b[i]);
