/**
 * Brings Chrome 114 to 124 (Electron 25 to 30) to the present standard in two points that Web Awesome's components count on.
 * Imported for its effect, before any component; does nothing in newer browsers.
 */

/** Hiding a popover that is not shown does nothing; Chrome threw before 116, and no menu or tooltip came up. */
function hidingHiddenPopoverIsFine(): void {
  const popover = document.createElement('div');
  popover.popover = 'manual';
  try {
    popover.hidePopover();
  } catch {
    const hide = HTMLElement.prototype.hidePopover;
    HTMLElement.prototype.hidePopover = function (this: HTMLElement): void {
      if (this.matches(':popover-open')) hide.call(this);
    };
  }
}

/** Custom states have any name; before 125 only names with "--" were taken, and each other one was complained about on the console. */
function plainStateNamesAreFine(): void {
  if (typeof CustomStateSet === 'undefined' || CSS.supports('selector(:state(any))')) return;
  const add = CustomStateSet.prototype.add;
  CustomStateSet.prototype.add = function (this: CustomStateSet, name: string): CustomStateSet {
    return name.startsWith('--') ? add.call(this, name) : this;
  };
}

hidingHiddenPopoverIsFine();
plainStateNamesAreFine();
