// What is generated from the documents: for each client its TypeScript types and its manifest of persisted documents, and
// Kotlin types of the whole schema.
import type { CodegenConfig, Types } from '@graphql-codegen/cli'

const scalars = {
  Date: 'string',
  DateTime: 'string',
  Decimal: 'string',
  Month: 'string',
}

function client(name: string): Record<string, Types.ConfiguredOutput> {
  return {
    [`${name}/generated/`]: {
      preset: 'client',
      documents: `${name}/**/*.graphql`,
      presetConfig: {
        fragmentMasking: false,
        persistedDocuments: { hashAlgorithm: 'sha256' },
      },
      config: { documentMode: 'string', enumsAsTypes: true, scalars, strictScalars: true, useTypeImports: true },
    },
  }
}

const config: CodegenConfig = {
  schema: '../schema.graphql',
  generates: {
    ...client('dashboard'),
    ...client('phone'),
    'generated/Schema.kt': {
      plugins: ['kotlin'],
      config: { package: 'renzheng', scalars: { Date: 'String', DateTime: 'String', Decimal: 'String', Month: 'String' } },
    },
  },
}

export default config
