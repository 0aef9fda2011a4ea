import js from '@eslint/js';
import tseslint from 'typescript-eslint';

/** For the sandbox, the stack and the tests that run on them; the package itself keeps n8n's own rules. */
export default tseslint.config({
	files: ['**/*.mts'],
	extends: [js.configs.recommended, tseslint.configs.recommended],
	rules: {
		'no-console': 'error',
		'no-restricted-globals': [
			'error',
			{ name: 'fetch', message: 'Use dev/http.mts.' },
			{ name: 'Blob', message: 'Use a Buffer in a FormData of form-data.' },
		],
		'@typescript-eslint/no-unused-vars': [
			'error',
			{ varsIgnorePattern: '^_', argsIgnorePattern: '^_' },
		],
	},
});
