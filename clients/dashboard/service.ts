// The service as a dashboard asks it: by the hash of a trusted document, never by its text.
import type { TypedDocumentString } from './generated/graphql'

type Answer<Data> = { data?: Data | null; errors?: { message: string; extensions?: { code?: string } }[] }

export class Refused extends Error {}

export class Service {
  constructor(
    private readonly url: string,
    private readonly accessToken?: string,
  ) {}

  as(accessToken: string): Service {
    return new Service(this.url, accessToken)
  }

  /** The data of an answer without errors. */
  async ask<Data, Variables>(document: TypedDocumentString<Data, Variables>, variables: Variables): Promise<Data> {
    const response = await fetch(this.url, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/json',
        Accept: 'application/graphql-response+json, application/json;q=0.9',
        ...(this.accessToken ? { Authorization: `Bearer ${this.accessToken}` } : {}),
      },
      body: JSON.stringify({ documentId: document.__meta__?.['hash'], variables }),
    })
    const answer = (await response.json()) as Answer<Data>
    if (answer.errors?.length || !answer.data) {
      throw new Refused(answer.errors?.map((error) => error.message).join(' ') ?? `HTTP ${response.status}`)
    }
    return answer.data
  }
}
