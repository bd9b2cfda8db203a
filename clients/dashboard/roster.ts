// Prints a unit's roster, worst first, every page of it.
import { RosterDocument, type RosterQuery, type RosterQueryVariables, SignInDocument } from './generated/graphql'
import { Refused, Service } from './service'

type Row = NonNullable<RosterQuery['unit']>['beneficiaries']['edges'][number]['node']

export async function signedIn(service: Service, username: string, password: string): Promise<Service> {
  const { signIn } = await service.ask(SignInDocument, { input: { username, password } })
  if (!signIn.accessToken) throw new Refused(signIn.userErrors.map((error) => error.message).join(' '))
  return service.as(signIn.accessToken)
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

export async function main(url: string, username: string, password: string): Promise<void> {
  for await (const row of roster(await signedIn(new Service(url), username, password))) {
    console.log(row.name, row.verdict?.conclusion ?? '', row.paymentStatus, row.answerBy ?? '')
  }
}
