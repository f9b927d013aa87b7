/** The one cipher that Go would choose anyway: its servers cannot be told another. */
export const tlsCipher = 'TLS_AES_128_GCM_SHA256'
export const tlsGroup = 'X25519'

/** A configuration of OpenSSL by which a client offers nothing else. */
export function printTlsSettings(): string {
  return `openssl_conf = all
[all]
ssl_conf = tls
[tls]
system_default = settings
[settings]
MinProtocol = TLSv1.3
Ciphersuites = ${tlsCipher}
Groups = ${tlsGroup}
`
}
