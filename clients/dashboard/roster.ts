// A unit's roster, worst first, every page of it; and whatever changes in it from then on.
import {
  RosterChangedDocument,
  type RosterChangedSubscription,
  RosterDocument,
  type RosterQuery,
  type RosterQueryVariables,
  SignInDocument,
  SummaryDocument,
} from './generated/graphql'
import { Refused, Service } from './service'

type Row = NonNullable<RosterQuery['unit']>['beneficiaries']['edges'][number]['node']
type Change = RosterChangedSubscription['rosterChanged']

export async function signedIn(service: Service, username: string, password: string): Promise<Service> {
  const { signIn } = await service.ask(SignInDocument, { input: { username, password } })
  if (!signIn.accessToken) throw new Refused(signIn.userErrors.map((error) => error.message).join(' '))
  return service.as(signIn.accessToken)
}

/** Where to begin following: asked before the roster is read, so that no change falls in between. */
export async function place(service: Service): Promise<string> {
  const { unit } = await service.ask(SummaryDocument, {})
  if (!unit) throw new Refused('This account has no unit.')
  return unit.resumeToken
}

export async function* roster(service: Service, chosen: RosterQueryVariables = {}): AsyncGenerator<Row> {
  let after: string | null = null
  do {
    const { unit }: RosterQuery = await service.ask(RosterDocument, { ...chosen, after })
    if (!unit) return
    for (const { node } of unit.beneficiaries.edges) yield node
    after = unit.beneficiaries.pageInfo.hasNextPage ? unit.beneficiaries.pageInfo.endCursor : null
  } while (after)
}

/** Every change behind a place; a connection that breaks off is made again, and nothing is lost or told twice. */
export async function* changes(service: Service, after: string): AsyncGenerator<Change> {
  for (;;) {
    try {
      for await (const { rosterChanged } of service.follow(RosterChangedDocument, { after })) {
        after = rosterChanged.resumeToken
        yield rosterChanged
      }
    } catch (error) {
      if (error instanceof Refused) throw error
    }
    await new Promise((resolve) => setTimeout(resolve, 1000))
  }
}

export function line(row: Row): string {
  return [row.name, row.verdict?.conclusion ?? '', row.paymentStatus, row.answerBy ?? ''].join(' ').trimEnd()
}
