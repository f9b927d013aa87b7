/** Whether a test file has a test whose title begins so, which is neither skipped always, nor yet to be done, nor a comment. */
export function hasTest(source: string, title: string): boolean {
  const text = source.replaceAll(/\/\*[^]*?\*\/|^\s*\/\/.*$/gm, '')
  const calls = [...text.matchAll(/(?<![.\w])test\(\s*(['"`])/g)]
  return calls.some(({ index, 0: call }) => {
    const begin = index + call.length
    return text.startsWith(title, begin) && !isPutOff(text.slice(begin, text.indexOf('=>', begin)))
  })
}

/** By the title and the options of a call; what skips it only somewhere is a condition. */
function isPutOff(options: string): boolean {
  return /\b(?:skip|todo): *(?:true|['"`])/.test(options)
}
