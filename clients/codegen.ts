// What is generated: for each client its TypeScript types and its manifest of persisted documents, and the schema's enums and
// inputs in Kotlin.
import type { CodegenConfig } from '@graphql-codegen/cli'

const scalars = {
  Date: 'string',
  DateTime: 'string',
  Decimal: 'string',
  Month: 'string',
}

function client(name: string): CodegenConfig['generates'] {
  return {
    [`${name}/generated/`]: {
      preset: 'client',
      documents: `${name}/documents.graphql`,
      presetConfig: {
        fragmentMasking: false,
        persistedDocuments: { hashAlgorithm: 'sha256', mode: 'replaceDocumentWithHash' },
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
    'kotlin/generated/Schema.kt': {
      plugins: ['kotlin'],
      config: { package: 'renzheng', scalars: { Date: 'String', DateTime: 'String', Decimal: 'String', Month: 'String' } },
    },
  },
}

export default config
