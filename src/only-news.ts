/** Tells what differs from what was told last: who tries again and again fails for the same reason most of the time. */
export function onlyNews(tell: (message: string) => void): (message: string) => void {
  let last: string | undefined
  return (message) => {
    if (message !== last) tell(message)
    last = message
  }
}
