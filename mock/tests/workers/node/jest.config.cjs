module.exports = { testEnvironment: "./heymarket/jest-environment.cjs", setupFilesAfterEnv: ["./heymarket/jest-setup.cjs"],
  testTimeout: 120000, transform: {}, watchman: false };
