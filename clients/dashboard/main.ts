// `npm run roster URL USERNAME PASSWORD`: prints a unit's roster, then each row that changes, until it is stopped.
import { changes, line, place, roster, signedIn } from './roster'
import { Refused, Service } from './service'

async function main([url, username, password]: string[]): Promise<void> {
  if (!url || !username || !password) throw new Refused('usage: npm run roster URL USERNAME PASSWORD')
  const service = await signedIn(new Service(url), username, password)
  const after = await place(service)
  for await (const row of roster(service)) console.log(line(row))
  console.log('following')
  for await (const { beneficiaries, unit } of changes(service, after)) {
    for (const row of beneficiaries) console.log('changed', line(row), `(${unit.summary.unanswered} unanswered)`)
  }
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof Refused ? error.message : error)
  process.exitCode = 1
})
