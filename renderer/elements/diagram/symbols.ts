/**
 * The shape of each kind of event: circle register, capsule typing, square counter, diamond set, triangle
 * list, hexagon stock. In a box from −7 to 7.
 */
import type { FieldType } from '../../../shared/document/schema.ts';

export const kinds: readonly FieldType[] = ['register', 'text', 'counter', 'set', 'list', 'stock'];

/** What people call events of each kind. */
export const kindNames: Readonly<Record<FieldType, string>> = {
  register: 'register',
  text: 'typing',
  counter: 'counter',
  set: 'set',
  list: 'list',
  stock: 'stock',
};

/** Half the height of a capsule. */
export const capsuleRadius = 5;

/** As SVG writes paths. */
export const symbolPaths: Readonly<Record<FieldType, string>> = {
  register: 'M-5 0a5 5 0 1 0 10 0a5 5 0 1 0 -10 0z',
  text: 'M-3 -4h6a4 4 0 0 1 0 8h-6a4 4 0 0 1 0 -8z',
  counter:
    'M-4 -4.500h8a.5 .5 0 0 1 .5 .5v8a.5 .5 0 0 1 -.5 .5h-8a.5 .5 0 0 1 -.5 -.5v-8a.5 .5 0 0 1 .5 -.5z',
  set: 'M0 -6L6 0L0 6L-6 0z',
  list: 'M0 -6L5.8 4.400h-11.600z',
  stock: 'M-3 -5.200h6L6 0L3 5.200h-6L-6 0z',
};

/** Struck through: what was lost. */
export const strikePath = 'M-6.5 6.500L6.5 -6.5';
