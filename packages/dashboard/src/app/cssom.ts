import { noChange } from 'lit';
import { Directive, directive, type ElementPart, type PartInfo, PartType } from 'lit/directive.js';

/** CSS property (also custom ones) → value. */
export type Declarations = Readonly<Record<string, string>>;

class CssomDirective extends Directive {
  private last: Declarations = {};

  constructor(part: PartInfo) {
    super(part);
    if (part.type !== PartType.ELEMENT) throw new Error('cssom stands where an attribute would, with no name');
  }

  render(_declarations: Declarations): unknown {
    return noChange;
  }

  override update({ element }: ElementPart, [declarations]: [Declarations]): unknown {
    const { style } = element as HTMLElement;
    for (const name in this.last) if (!(name in declarations)) style.removeProperty(name);
    for (const name in declarations) {
      if (declarations[name] !== this.last[name]) style.setProperty(name, declarations[name]!);
    }
    this.last = declarations;
    return noChange;
  }
}

/**
 * Sets style properties one by one: `<i ${cssom({ width: '40%' })}></i>`. Lit's `styleMap` writes a `style` attribute at
 * first, which the page's Content-Security-Policy forbids.
 */
export const cssom = directive(CssomDirective);
