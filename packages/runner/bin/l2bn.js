#!/usr/bin/env node
// There before the first build, so that npm links it; the command line itself is compiled.
import '../dist/cli/main.js';
