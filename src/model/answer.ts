/**
 * Every answer that Lintel makes itself carries one of these words. `ClientGone` and `UpstreamAborted` stand in the log
 * alone: there is nobody to answer, or the head has left already. 499 is the log's status for the first.
 */
export const answerReasons = {
  NoRoute: 404,
  ServiceNotFound: 503,
  NoEndpoints: 503,
  GuardNotServed: 503,
  UpstreamConnectFailed: 502,
  UpstreamResetBeforeHead: 502,
  UpstreamInvalid: 502,
  UpstreamTimeout: 504,
  HttpsRedirect: 308,
  BadRequest: 400,
  AmbiguousPath: 400,
  MethodNotAllowed: 405,
  ClientTimeout: 408,
  BodyTooLarge: 413,
  TargetTooLong: 414,
  Misdirected: 421,
  HeadTooLarge: 431,
  LoopDetected: 508,
  ClientGone: 499,
  UpstreamAborted: 502,
} as const

export type AnswerReason = keyof typeof answerReasons

/** An answer of our own: `text/plain`, `STATUS REASON REQUEST-ID` and a newline. */
export interface Answer {
  readonly reason: AnswerReason
  /** Further fields, such as `Location`. */
  readonly fields?: readonly (readonly [name: string, value: string])[]
}
