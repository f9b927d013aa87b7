/** An object or a list as it is, and each time that somebody looks into it is noted: at which part of it. */
export function countLooks<T extends object>(watched: T, looks: string[]): T {
  return new Proxy(watched, {
    get: (target, part, receiver) => {
      looks.push(String(part))
      return Reflect.get(target, part, receiver) as unknown
    },
  })
}
