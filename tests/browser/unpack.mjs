// Unpacks the Chromium of the npm package, its libraries and its fonts into the folder in which it is run.
import { createReadStream, createWriteStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { createBrotliDecompress } from 'node:zlib'
import { extract } from 'tar-fs'

await unpack('chromium', createWriteStream('chromium', { mode: 0o755 }))
for (const archive of ['al2023.tar', 'swiftshader.tar', 'fonts.tar']) {
  await unpack(archive, extract('.'))
}

function unpack(name, target) {
  const packed = createReadStream(`node_modules/@sparticuz/chromium/bin/${name}.br`)
  return pipeline(packed, createBrotliDecompress(), target)
}
