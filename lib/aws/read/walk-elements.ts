/** What a document is made of, in its order. */
export interface XmlEvents {
  open(name: string): void;
  /** Whether text that comes here is of any use. */
  wantsText(): boolean;
  /** Text that is wanted, in as many pieces as it comes. */
  text(piece: string): void;
  close(): void;
}

/** An element that is looked into. */
export interface Branch {
  readonly inside: ReadonlyMap<string, Element>;
  readonly onOpen?: () => void;
  readonly onClose?: () => void;
}

/** An element whose text is taken. */
export interface Leaf {
  readonly take: (text: string) => void;
}

export type Element = Branch | Leaf;

export const branch = (inside: Readonly<Record<string, Element>>, on: Omit<Branch, "inside"> = {}): Branch => ({
  inside: new Map(Object.entries(inside)),
  ...on,
});

export const leaf = (take: Leaf["take"]): Leaf => ({ take });

/**
 * Follows a document down the elements of a tree, whose root is the outermost one by whatever name. What is not in the
 * tree is passed over with all that is in it: an element counts only where the tree has it, whatever else bears its name.
 */
export function walkElements(root: Branch): XmlEvents {
  const path: (Element | undefined)[] = [];
  let current: Element | undefined;
  let passedOver = 0;
  let taken = "";
  const find = (name: string): Element | undefined => {
    if (current === undefined) return root;
    return "inside" in current ? current.inside.get(name) : undefined;
  };
  return {
    open(name) {
      const next = passedOver > 0 ? undefined : find(name);
      if (next === undefined) {
        passedOver += 1;
        return;
      }
      path.push(current);
      current = next;
      if ("take" in next) taken = "";
      else next.onOpen?.();
    },
    wantsText: () => passedOver === 0 && current !== undefined && "take" in current,
    text(piece) {
      taken += piece;
    },
    close() {
      if (passedOver > 0) {
        passedOver -= 1;
        return;
      }
      if (current !== undefined && "take" in current) current.take(isLayout(taken) ? "" : taken);
      else current?.onClose?.();
      current = path.pop();
    },
  };
}

/** Blanks with a line break are how a document is laid out, and no text: as the SDK reads them. */
const isLayout = (text: string): boolean => text.includes("\n") && text.trim() === "";
