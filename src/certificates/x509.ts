import type * as X509 from '@peculiar/x509'

/** Loads the X.509 library, which only those who write certificates need, and first the polyfill that it wants. */
export async function loadX509(): Promise<typeof X509> {
  await import('reflect-metadata')
  return import('@peculiar/x509')
}
