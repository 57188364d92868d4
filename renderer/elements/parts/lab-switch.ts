/**
 * Web Awesome's switch with its label in front. Its input, which carries role and name, lies invisible over the whole switch and not
 * outside of it: whatever presses the input by its role (assistive technology, tests of ours and of others) presses the switch.
 */
import WaSwitch from '@awesome.me/webawesome/dist/components/switch/switch.js';
import { css } from 'lit';
import { customElement } from 'lit/decorators.js';

@customElement('lab-switch')
export class LabSwitch extends WaSwitch {
  static override css = [...WaSwitch.css, css`
    :host { --height: 1.125rem; --width: 1.875rem; --thumb-size: 0.75rem; }
    :host([size='xs']) { --height: 1rem; --width: 1.625rem; --thumb-size: 0.625rem; }
    label { flex-direction: row-reverse; gap: 6px; min-height: 24px; color: inherit; }
    :host([size='xs']) label { gap: 0; justify-content: center; }
    .switch { border-width: 1.5px; }
    .input { inset: 0; width: 100%; height: 100%; z-index: 1; pointer-events: auto; cursor: pointer; }
    .label { margin: 0; color: inherit; font-size: var(--lab-switch-size, var(--t2)); font-weight: inherit; }
  `];
}
