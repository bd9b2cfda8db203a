// Mercurius with graphql-jit over postgres.js: `node mercurius.mjs DSN SCHEMA PORT`.
import Fastify from "fastify";
import mercurius from "mercurius";
import postgres from "postgres";

const [dsn, schema, port] = process.argv.slice(2);
const address = new URL(dsn.replace("@/", "@localhost/"));
const sql = postgres({
  host: address.searchParams.get("host"),
  database: address.pathname.slice(1),
  username: address.username,
  max: 16,
  connection: { search_path: schema },
});

const typeDefs = `
  type Query { unit(siNumber: String!): Unit  person(id: String!): [Beneficiary!]! }
  type Unit {
    siNumber: String!
    name: String!
    beneficiaries(first: Int!, after: String, search: String): BeneficiaryConnection!
    summary: Summary!
  }
  type BeneficiaryConnection { edges: [BeneficiaryEdge!]!  pageInfo: PageInfo! }
  type BeneficiaryEdge { cursor: String!  node: Beneficiary! }
  type PageInfo { hasNextPage: Boolean!  endCursor: String }
  type Beneficiary {
    id: ID!  name: String!  idNumber: String!  phone: String  category: String!  version: Int!
    contactComplete: Boolean!  paymentStatus: String!  paidThrough: String  answerBy: String  confirmBy: String
    unit: Unit!
    verdict: Verdict
    certificationPeriod: Period
    verdicts(first: Int!): VerdictConnection!
    certificationPeriods(first: Int!): PeriodConnection!
  }
  type Verdict { conclusion: String!  month: String!  answered: Boolean!  publishedOn: String! }
  type Period { startMonth: String!  endMonth: String!  method: String! }
  type VerdictConnection { edges: [VerdictEdge!]! }
  type VerdictEdge { node: Verdict! }
  type PeriodConnection { edges: [PeriodEdge!]! }
  type PeriodEdge { node: Period! }
  type Summary {
    total: Int!  disqualified: Int!  pending: Int!  qualified: Int!  unanswered: Int!  overdue: Int!
    lapsingSoon: Int!  lapsed: Int!  suspended: Int!  contactIncomplete: Int!  confirmationOverdue: Int!
  }
`;

const joined =
  schema === "peers_normalised"
    ? sql`beneficiaries b LEFT JOIN current_verdicts v ON v.beneficiary_id = b.id
          LEFT JOIN current_periods p ON p.beneficiary_id = b.id`
    : sql`beneficiaries b`;
const columns = sql`b.id, b.unit_id, b.name, b.id_number AS "idNumber", b.phone, b.category, b.version,
  b.contact_complete AS "contactComplete", b.payment_status AS "paymentStatus", b.paid_through AS "paidThrough",
  b.answer_by AS "answerBy", b.confirm_by AS "confirmBy", b.roster_rank,
  verdict_conclusion, verdict_month, verdict_answered, verdict_published_on, period_start, period_end, period_method`;

const beneficiary = (row) => ({
  ...row,
  verdict: row.verdict_month && {
    conclusion: row.verdict_conclusion,
    month: row.verdict_month,
    answered: row.verdict_answered,
    publishedOn: row.verdict_published_on,
  },
  certificationPeriod: row.period_start && {
    startMonth: row.period_start,
    endMonth: row.period_end,
    method: row.period_method,
  },
});

const page = (rows, first) => {
  const shown = rows.slice(0, first);
  const edges = shown.map((row) => ({ cursor: `${row.roster_rank}:${row.id}`, node: beneficiary(row) }));
  return { edges, pageInfo: { hasNextPage: rows.length > first, endCursor: edges.at(-1)?.cursor } };
};

const roster = async (unit, { first, after, search }) => {
  const [rank, id] = after ? after.split(":") : [-1, 0];
  const found = search ? sql`AND strpos(lower(b.name), lower(${search})) > 0` : sql``;
  const rows = await sql`SELECT ${columns} FROM ${joined}
    WHERE b.unit_id = ${unit.id} AND b.category = 'RETIREE' AND (b.roster_rank, b.id) > (${rank}::smallint, ${id}::bigint)
    ${found} ORDER BY b.roster_rank, b.id LIMIT ${first + 1}`;
  return page(rows, first);
};

const summary = async (unit) => {
  const [row] = await sql`SELECT s.* FROM units u, units_summary(u) s WHERE u.id = ${unit.id}`;
  return {
    ...row,
    lapsingSoon: row.lapsing_soon,
    contactIncomplete: row.contact_incomplete,
    confirmationOverdue: row.confirmation_overdue,
  };
};

const grouped = (queries, rows) => {
  const byPerson = Map.groupBy(rows, (row) => row.beneficiary_id);
  return queries.map(({ obj }) => ({ edges: (byPerson.get(obj.id) ?? []).map((node) => ({ node })) }));
};

const history = (read) => async (queries) => {
  const ids = queries.map(({ obj }) => obj.id);
  return grouped(queries, await read(ids, queries[0].params.first));
};

const resolvers = {
  Query: {
    unit: async (_, { siNumber }) =>
      (await sql`SELECT id, si_number AS "siNumber", name FROM units WHERE si_number = ${siNumber}`)[0],
    person: async (_, { id }) =>
      (await sql`SELECT ${columns} FROM ${joined} WHERE b.person_id = ${id} ORDER BY b.id`).map(beneficiary),
  },
  Unit: { beneficiaries: roster, summary },
};

const loaders = {
  Beneficiary: {
    unit: async (queries) => {
      const ids = queries.map(({ obj }) => obj.unit_id);
      const rows = await sql`SELECT id, si_number AS "siNumber", name FROM units WHERE id = ANY(${ids})`;
      const byId = new Map(rows.map((row) => [row.id, row]));
      return ids.map((id) => byId.get(id));
    },
    verdicts: history(
      (ids, first) => sql`SELECT v.beneficiary_id, v.conclusion, v.month, v.answered, v.published_on AS "publishedOn"
        FROM unnest(${ids}::bigint[]) AS person (id) CROSS JOIN LATERAL (
          SELECT * FROM verdicts WHERE beneficiary_id = person.id ORDER BY month DESC LIMIT ${first}) AS v`,
    ),
    certificationPeriods: history(
      (ids, first) => sql`SELECT p.beneficiary_id, p.start_month AS "startMonth", p.end_month AS "endMonth", p.method
        FROM unnest(${ids}::bigint[]) AS person (id) CROSS JOIN LATERAL (
          SELECT * FROM periods WHERE beneficiary_id = person.id ORDER BY version DESC LIMIT ${first}) AS p`,
    ),
  },
};

const app = Fastify({ logger: false });
await app.register(mercurius, { schema: typeDefs, resolvers, loaders, jit: 1, path: "/graphql" });
await app.listen({ host: "127.0.0.1", port: Number(port) });
