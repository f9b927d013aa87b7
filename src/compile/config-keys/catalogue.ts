/** The keys that ingress-nginx 1.15 knows and that have no effect yet. */
const plainNames = `
access-log-params access-log-path add-headers allow-backend-server-header allow-cross-namespace-resources
allow-snippet-annotations annotation-value-word-blocklist annotations-risk-level bind-address brotli-level
brotli-min-length brotli-types client-body-buffer-size client-header-buffer-size compute-full-forwarded-for
custom-http-errors debug-connections default-type disable-access-log disable-ipv6 disable-ipv6-dns
disable-proxy-intercept-errors enable-access-log-for-default-backend enable-brotli enable-modsecurity
enable-multi-accept enable-ocsp enable-opentelemetry enable-owasp-modsecurity-crs enable-real-ip enable-syslog
enable-underscores-in-headers error-log-level error-log-path forwarded-for-header generate-request-id
global-allowed-response-headers global-auth-always-set-cookie global-auth-cache-duration global-auth-cache-key
global-auth-method global-auth-request-redirect global-auth-response-headers global-auth-signin
global-auth-signin-redirect-param global-auth-snippet global-rate-limit-memcached-host
global-rate-limit-memcached-port global-rate-limit-status-code grpc-buffer-size-kb gzip-disable gzip-level
gzip-min-length gzip-types hide-headers http-access-log-path http-redirect-code http-snippet
http2-max-concurrent-streams http2-max-field-size http2-max-header-size http2-max-requests ignore-invalid-headers
keep-alive-requests large-client-header-buffers limit-conn-status-code limit-conn-zone-variable limit-rate
limit-rate-after limit-req-status-code load-balance location-snippet log-format-escape-json
log-format-escape-none log-format-stream log-format-upstream lua-shared-dicts main-snippet map-hash-bucket-size
max-worker-connections max-worker-open-files modsecurity-snippet nginx-status-ipv4-whitelist
nginx-status-ipv6-whitelist opentelemetry-config opentelemetry-operation-name
opentelemetry-trust-incoming-span otel-max-export-batch-size otel-max-queuesize otel-sampler
otel-sampler-parent-based otel-sampler-ratio otel-schedule-delay-millis otel-service-name otlp-collector-host
otlp-collector-port plugins proxy-add-original-uri-header proxy-buffer-size proxy-buffering proxy-buffers-number
proxy-busy-buffers-size proxy-cookie-domain proxy-cookie-path proxy-headers-hash-bucket-size
proxy-headers-hash-max-size proxy-http-version proxy-max-temp-file-size proxy-next-upstream
proxy-next-upstream-timeout proxy-next-upstream-tries proxy-protocol-header-timeout proxy-redirect-from
proxy-redirect-to proxy-request-buffering proxy-send-timeout proxy-set-headers proxy-ssl-location-only
proxy-stream-next-upstream proxy-stream-next-upstream-timeout proxy-stream-next-upstream-tries
proxy-stream-responses proxy-stream-timeout relative-redirects retry-non-idempotent reuse-port
server-name-hash-bucket-size server-name-hash-max-size server-snippet server-tokens service-upstream
skip-access-log-urls ssl-buffer-size ssl-ciphers ssl-dh-param ssl-early-data ssl-ecdh-curve ssl-protocols
ssl-reject-handshake ssl-session-cache ssl-session-cache-size ssl-session-ticket-key ssl-session-tickets
ssl-session-timeout stream-access-log-path stream-snippet strict-validate-path-type syslog-host syslog-port
upstream-keepalive-connections upstream-keepalive-requests upstream-keepalive-time upstream-keepalive-timeout
use-geoip2 use-gzip use-http2 variables-hash-bucket-size variables-hash-max-size worker-cpu-affinity
worker-processes worker-shutdown-timeout`

export const unservedKeys: ReadonlySet<string> = new Set(plainNames.trim().split(/\s+/))

/** Values that say what Lintel does anyway, so that there is nothing to tell. */
export const alikeAnyway: ReadonlyMap<string, string> = new Map([
  ['allow-snippet-annotations', 'false'],
  ['compute-full-forwarded-for', 'false'],
  ['enable-brotli', 'false'],
  ['enable-modsecurity', 'false'],
  ['enable-ocsp', 'false'],
  ['enable-opentelemetry', 'false'],
  ['enable-owasp-modsecurity-crs', 'false'],
  ['enable-real-ip', 'false'],
  ['enable-underscores-in-headers', 'false'],
  ['generate-request-id', 'true'],
  ['http-redirect-code', '308'],
  ['load-balance', 'round_robin'],
  ['proxy-buffering', 'off'],
  ['server-tokens', 'false'],
  ['service-upstream', 'false'],
  ['ssl-protocols', 'TLSv1.2 TLSv1.3'],
  ['use-geoip2', 'false'],
  ['use-gzip', 'false'],
])

/**
 * Those that keep requests out of every rule and are not served: rules must not be open because of that. An Ingress is
 * exempt where one of these annotations of its own stands in the key's place.
 */
export const configGuards: ReadonlyMap<string, readonly string[]> = new Map([
  ['block-cidrs', []],
  ['block-referers', []],
  ['block-user-agents', []],
  ['denylist-source-range', ['denylist-source-range']],
  ['global-auth-url', []],
  ['whitelist-source-range', ['whitelist-source-range', 'allowlist-source-range']],
])
