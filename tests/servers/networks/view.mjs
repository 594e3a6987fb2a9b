// What Bluesky's view of the whole network tells of posts, counted from the repositories of one PDS.
import { createServer } from 'node:http'

const KINDS = { likeCount: 'like', repostCount: 'repost', replyCount: 'post' }

export async function startView(pds) {
  const server = createServer(async (request, response) => {
    const address = new URL(request.url, 'http://view')
    const known = address.pathname === '/xrpc/app.bsky.feed.getPosts'
    const told = known ? { posts: await posts(pds, address.searchParams.getAll('uris')) } : { error: 'MethodNotImplemented' }
    response.writeHead(known ? 200 : 501, { 'content-type': 'application/json' }).end(JSON.stringify(told))
  })
  await new Promise((listening) => server.listen(0, listening))
  return `http://localhost:${server.address().port}`
}

async function posts(pds, uris) {
  const records = await everything(pds)
  const there = uris.filter((uri) => records.some((record) => record.uri === uri))
  return there.map((uri) => ({ uri, ...Object.fromEntries(counts(records, uri)) }))
}

function counts(records, uri) {
  const about = (record) => record.value.subject?.uri ?? record.value.reply?.parent.uri
  return Object.entries(KINDS).map(([name, kind]) => [
    name,
    records.filter((record) => record.kind === kind && about(record) === uri).length,
  ])
}

async function everything(pds) {
  const { repos } = await ask(pds, 'com.atproto.sync.listRepos', { limit: 1000 })
  const places = repos.flatMap(({ did }) => Object.values(KINDS).map((kind) => ({ did, kind })))
  return (await Promise.all(places.map(({ did, kind }) => listed(pds, did, kind)))).flat()
}

async function listed(pds, did, kind) {
  const { records } = await ask(pds, 'com.atproto.repo.listRecords', { repo: did, collection: `app.bsky.feed.${kind}`, limit: 100 })
  return records.map((record) => ({ ...record, kind }))
}

async function ask(pds, method, params) {
  return (await fetch(`${pds}/xrpc/${method}?${new URLSearchParams(params)}`)).json()
}
