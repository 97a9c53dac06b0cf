/**
 * The oldest Node that l2bn runs on. Kept free of newer syntax, because an old Node has to read it to say so.
 */
export const OLDEST_NODE = '20.20';

/** Ends the process with a word where Node is too old. */
export function requireNode() {
  if (!isOlder(process.versions.node, OLDEST_NODE)) return;
  process.stderr.write(
    'set-up failed: this is Node ' +
      process.versions.node +
      ', and l2bn needs ' +
      OLDEST_NODE +
      ' or newer\n' +
      '  → Install a newer Node (20 LTS from 20.20 on, 22, 24 or 26) and run the same command again.\n',
  );
  process.exit(1);
}

/**
 * @param {string} version
 * @param {string} wanted
 */
function isOlder(version, wanted) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [wantedMajor = 0, wantedMinor = 0] = wanted.split('.').map(Number);
  return major < wantedMajor || (major === wantedMajor && minor < wantedMinor);
}
