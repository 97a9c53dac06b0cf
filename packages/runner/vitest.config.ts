import { defineConfig } from 'vitest/config';
import { nativeTests, unitTests } from '../../vitest.shared.ts';

export default defineConfig({ test: { projects: [unitTests, nativeTests] } });
