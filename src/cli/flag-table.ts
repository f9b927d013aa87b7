import type { Flag } from './flags.ts'
import { idleFlags } from './idle-flags.ts'

/** Which cluster takes the place of files, and what of it counts. */
const clusterFlags: readonly Flag[] = [
  {
    name: 'kubernetes',
    doc: 'Take the objects of a cluster instead of PATH: of the one around the pod, or the one that kubectl would take',
  },
  { name: 'kubeconfig', value: 'FILE', doc: 'Take those of the cluster of this kubeconfig' },
  { name: 'context', value: 'NAME', standard: 'the current one', doc: 'Context of the kubeconfig' },
  {
    name: 'watch-namespace',
    value: 'NAMESPACE',
    repeatable: true,
    standard: 'all',
    doc: 'Only objects of this namespace count, and those that flags name; several separated by commas',
  },
  {
    name: 'watch-namespace-selector',
    value: 'LABELS',
    doc: 'Only objects of namespaces with these labels count, such as team=shop, and those that flags name',
  },
  {
    name: 'secrets',
    value: 'named|namespaces|cluster',
    standard: 'named',
    doc: 'Secrets that are read: those that Ingresses and flags name, one by one; all of --watch-namespace; all',
  },
]

/** What decides which objects count, and what stands in for missing ones: `serve`, `check` and `explain` take them. */
export const objectFlags: readonly Flag[] = [
  ...clusterFlags,
  {
    name: 'backend',
    value: '[NAMESPACE/]SERVICE[:PORT]=HOST:PORT',
    repeatable: true,
    doc: 'Endpoint of a Service; replaces its own, and makes the Service if it is missing',
  },
  { name: 'echo', doc: 'Let an echo server stand in for every Service that is missing or has no endpoints' },
  { name: 'ingress-class', value: 'NAME', repeatable: true, doc: 'A further class that is read as ingress-nginx did' },
  {
    name: 'controller-class',
    value: 'NAME',
    repeatable: true,
    doc: 'A further spec.controller that is read as ingress-nginx did',
  },
  { name: 'only-class', value: 'NAME', repeatable: true, doc: 'Serve Ingresses of this class alone' },
  {
    name: 'watch-ingress-without-class',
    doc: 'Serve Ingresses that name no class too, read as ingress-nginx did',
  },
  {
    name: 'allow-loopback-endpoints',
    doc: 'Send requests to endpoints on this machine, or where clouds keep metadata, that a cluster names; from files it is always allowed',
  },
  { name: 'allow-external-name', doc: 'Send requests to Services of type ExternalName' },
  {
    name: 'default-ssl-certificate',
    value: 'NAMESPACE/NAME',
    doc: 'Secret whose certificate is shown for unknown names',
  },
  {
    name: 'default-backend-service',
    value: 'NAMESPACE/NAME',
    standard: 'none, 404',
    doc: 'Service whose first port takes the requests that no rule and no default backend of an Ingress takes',
  },
  {
    name: 'configmap',
    value: 'NAMESPACE/NAME',
    doc: 'ConfigMap whose keys are read as ingress-nginx did; flags stand over them',
  },
  {
    name: 'trusted-proxies',
    value: 'CIDR',
    repeatable: true,
    standard: 'nobody',
    doc: 'Proxies in front that are believed when they say who the client is; several separated by commas',
  },
]

const portFlags: readonly Flag[] = [
  { name: 'http-port', value: 'PORT', standard: '8080', doc: 'Port for HTTP; 0 takes a free one' },
  { name: 'https-port', value: 'PORT', standard: '8443', doc: 'Port for HTTPS; 0 takes a free one' },
  ...publicPortFlags('the bound port, in a cluster 80', 'the bound port, in a cluster 443'),
]

function publicPortFlags(http: string, https: string): Flag[] {
  return [
    { name: 'public-http-port', value: 'PORT', standard: http, doc: 'Port for HTTP in URLs and X-Forwarded-Port' },
    {
      name: 'public-https-port',
      value: 'PORT',
      standard: https,
      doc: 'Port for HTTPS in redirects and X-Forwarded-Port',
    },
  ]
}

/** What is written to a cluster. */
const publishFlags: readonly Flag[] = [
  {
    name: 'publish-service',
    value: 'NAMESPACE/NAME',
    doc: 'Service in front, whose addresses are written into the status of Ingresses',
  },
  {
    name: 'publish-status-address',
    value: 'ADDR',
    repeatable: true,
    standard: 'those of the Service, else of the nodes',
    doc: 'IP address or host name for the status of Ingresses; several separated by commas',
  },
  {
    name: 'report-node-internal-ip-address',
    doc: 'Of nodes, the internal address stands in the status, though there is an external one',
  },
  {
    name: 'update-status',
    standard: 'true',
    doc: 'Write statuses and Events; false: nothing is written to the cluster, no Lease either',
  },
  {
    name: 'election-id',
    value: 'NAME',
    standard: 'lintel-leader',
    doc: 'Lease by which replicas agree on the one that writes, in POD_NAMESPACE or the namespace of the context',
  },
]

/** Of ingress-nginx, whose webhook is given its certificate in files. */
export const foreignAdmissionFlags: readonly Flag[] = [
  { name: 'validating-webhook', value: 'ADDR:PORT', doc: 'Refused: --admission-webhook stands in its place' },
  { name: 'validating-webhook-certificate', value: 'FILE', doc: 'Refused: Lintel makes its certificate itself' },
  { name: 'validating-webhook-key', value: 'FILE', doc: 'Refused: Lintel makes its certificate itself' },
]

/** What is reviewed before a cluster stores it. */
const admissionFlags: readonly Flag[] = [
  {
    name: 'admission-webhook',
    doc: 'Review Ingresses before the cluster stores them, as check does; docs/admission.md says how it is installed',
  },
  { name: 'admission-port', value: 'PORT', standard: '9443', doc: 'Port for reviews; 0 takes a free one' },
  {
    name: 'admission-conflicts',
    value: 'warn|refuse',
    standard: 'warn',
    doc: 'Of an Ingress that claims a host and path that another one has: store it with a warning, or refuse it',
  },
  {
    name: 'admission-name',
    value: 'NAME',
    standard: 'lintel-admission',
    doc: 'Service, Secret (in POD_NAMESPACE or the namespace of the context) and ValidatingWebhookConfiguration',
  },
]

export const serveFlags: readonly Flag[] = [
  ...portFlags,
  {
    name: 'healthz-port',
    value: 'PORT',
    standard: 'none, in a cluster 10254',
    doc: 'Port for /livez, /readyz, /healthz and /metrics; 0 takes a free one',
  },
  { name: 'bind', value: 'ADDR', standard: 'all addresses', doc: 'Address to listen on' },
  {
    name: 'proxy-protocol',
    value: 'http|https',
    bare: 'both',
    doc: 'Balancers in front begin each connection with a header of the PROXY protocol, on one port or both',
  },
  { name: 'workers', value: 'N', standard: 'the cores, at most 4', doc: 'Worker processes' },
  { name: 'log', value: 'text|json|off', standard: 'text', doc: 'Form of the access log' },
  { name: 'client-head-timeout', value: 'DURATION', standard: '10s', doc: 'For a whole request head' },
  { name: 'client-body-timeout', value: 'DURATION', standard: '60s', doc: 'For silence inside a request body' },
  { name: 'keep-alive-timeout', value: 'DURATION', standard: '75s', doc: 'For an idle client connection' },
  {
    name: 'connect-timeout',
    value: 'DURATION',
    standard: '5s',
    doc: 'For a connection to an endpoint; then the next one is tried',
  },
  {
    name: 'upstream-timeout',
    value: 'DURATION',
    standard: '60s',
    doc: 'For the answer of an endpoint, and for silence inside it',
  },
  {
    name: 'drain-delay',
    alias: 'shutdown-grace-period',
    value: 'DURATION',
    standard: '0s, in a cluster 10s',
    doc: 'Accept for so long after SIGTERM',
  },
  { name: 'drain-limit', value: 'DURATION', standard: '240s', doc: 'Then cut what is still under way' },
  ...publishFlags,
  ...admissionFlags,
  ...foreignAdmissionFlags,
  ...objectFlags,
  ...idleFlags,
]

export const outputFlag: Flag = {
  name: 'output',
  short: 'o',
  value: 'text|json',
  standard: 'text',
  doc: 'Form of the output',
}

export const checkFlags: readonly Flag[] = [outputFlag, ...objectFlags]

export const explainFlags: readonly Flag[] = [
  {
    name: 'admin',
    value: 'HOST:PORT',
    standard: 'none, in a pod without paths 127.0.0.1:10254',
    doc: 'Ask the serve that runs here, by its --healthz-port; it answers from the table that it serves',
  },
  { name: 'method', value: 'METHOD', standard: 'GET', doc: 'Method of the request' },
  { name: 'header', value: '"NAME: VALUE"', repeatable: true, doc: 'A field of the request' },
  { name: 'client-ip', value: 'ADDR', standard: '127.0.0.1', doc: 'Address of the client' },
  { name: 'sni', value: 'NAME', standard: "the URL's host", doc: 'Server name of the handshake' },
  ...publicPortFlags('80', '443'),
  outputFlag,
  ...objectFlags,
]
