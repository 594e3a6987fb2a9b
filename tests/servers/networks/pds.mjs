// Bluesky's own PDS, with a directory of identities in memory beside it: MODULES PORT FOLDER
import { randomBytes } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { startView } from './view.mjs'

const [modules, port, folder] = process.argv.slice(2)
const where = createRequire(pathToFileURL(join(modules, 'package.json')))
const load = (name) => import(pathToFileURL(where.resolve(name)))
const { PlcServer, Database } = await load('@did-plc/server')
const { PDS } = await load('@atproto/pds')

const directory = PlcServer.create({ db: Database.mock(), port: 0 })
const didPlcUrl = `http://localhost:${(await directory.start()).address().port}`
mkdirSync(join(folder, 'blobs'))
const pds = await PDS.fromEnv({
  devMode: true,
  hostname: 'localhost',
  port: Number(port),
  dataDirectory: folder,
  blobstoreDiskLocation: join(folder, 'blobs'),
  didPlcUrl,
  serviceHandleDomains: ['.test'],
  inviteRequired: false,
  disableSsrfProtection: true, // everything here is on loopback
  rateLimitsEnabled: false,
  enableDidDocWithSession: true,
  jwtSecret: randomBytes(16).toString('hex'),
  adminPassword: randomBytes(16).toString('hex'),
  plcRotationKeyK256PrivateKeyHex: randomBytes(32).toString('hex'),
  bskyAppViewUrl: await startView(`http://localhost:${port}`),
  bskyAppViewDid: 'did:example:view',
})
await pds.start()
