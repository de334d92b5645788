export default { test: { globals: true, setupFiles: ["./heymarket/vitest-setup.mjs"], testTimeout: 120000, include: ["*.test.js"] } };
