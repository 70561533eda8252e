/** From where, and who is told. */
export interface MigrationOptions {
  /** The folder of SQL files; the project's own by default. */
  readonly folder?: string;
  /** Told of each migration that is about to run. */
  readonly onMigration?: (name: string) => void;
}
