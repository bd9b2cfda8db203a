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
    const accepted = 'application/graphql-response+json, application/json;q=0.9'
    const response = await this.sent(document, variables, accepted)
    return data((await response.json()) as Answer<Data>, response.status)
  }

  /** What a subscription tells, as server-sent events, until the connection or the subscription ends. */
  async *follow<Data, Variables>(
    document: TypedDocumentString<Data, Variables>,
    variables: Variables,
  ): AsyncGenerator<Data> {
    const response = await this.sent(document, variables, 'text/event-stream')
    if (!response.ok || !response.body) throw new Refused(`HTTP ${response.status}`)
    let begun = ''
    for await (const text of response.body.pipeThrough(new TextDecoderStream())) {
      const events = (begun + text).split(/\r?\n\r?\n/)
      begun = events.pop() ?? ''
      for (const event of events) {
        const told = /^data: ?(.+)$/m.exec(event)?.[1]
        if (/^event: ?next$/m.test(event) && told) yield data(JSON.parse(told) as Answer<Data>, response.status)
      }
    }
  }

  private sent<Data, Variables>(
    document: TypedDocumentString<Data, Variables>,
    variables: Variables,
    accepted: string,
  ): Promise<Response> {
    return fetch(this.url, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/json',
        Accept: accepted,
        ...(this.accessToken ? { Authorization: `Bearer ${this.accessToken}` } : {}),
      },
      body: JSON.stringify({ documentId: document.__meta__?.['hash'], variables }),
    })
  }
}

function data<Data>(answer: Answer<Data>, status: number): Data {
  if (answer.errors?.length || !answer.data) {
    throw new Refused(answer.errors?.map((error) => error.message).join(' ') ?? `HTTP ${status}`)
  }
  return answer.data
}
