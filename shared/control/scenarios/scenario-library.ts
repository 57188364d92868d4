/** The scenarios that come with the program, as texts. */
export interface ScenarioLibrary {
  /** The names of all, in the order in which people see them: "last-seat", and "presets/riak" of a preset. */
  names(): Promise<readonly string[]>;
  /** Null: there is none of that name. */
  text(name: string): Promise<string | null>;
}
