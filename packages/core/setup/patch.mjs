/**
 * The one change to tfjs-node's C++: a lock around a set of strings that all threads of a process share.
 * Without it, workers that run their first ops at the same time crash the process now and then.
 */
import { SetupError } from './report.mjs';

export const PATCHED_FILE = 'tfjs_backend.cc';

const CHANGES = [
  {
    from: 'static std::set<std::string> ATTR_NAME_SET;\n',
    to: 'static std::set<std::string> ATTR_NAME_SET;\nstatic std::mutex ATTR_NAME_MUTEX;\n',
  },
  {
    from: `  const char *attr_name =
      ATTR_NAME_SET.insert(attr_name_string.c_str()).first->c_str();
`,
    // The string outlives the lock: a set never moves what it holds.
    to: `  const char *attr_name;
  {
    std::lock_guard<std::mutex> lock(ATTR_NAME_MUTEX);
    attr_name = ATTR_NAME_SET.insert(attr_name_string.c_str()).first->c_str();
  }
`,
  },
  { from: '#include <set>\n', to: '#include <mutex>\n#include <set>\n' },
];

/** @param {string} source */
export function patchBackend(source) {
  return CHANGES.reduce((text, { from, to }) => {
    if (text.split(from).length !== 2)
      throw new SetupError(`tfjs-node's ${PATCHED_FILE} is not the one that l2bn knows how to patch`, [
        'Install @tensorflow/tfjs-node 4.22.0, the version that l2bn asks for (npm ls @tensorflow/tfjs-node).',
      ]);
    return text.replace(from, () => to);
  }, source);
}
